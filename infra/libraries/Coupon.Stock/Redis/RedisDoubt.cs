namespace Coupon.Stock.Redis;

/// <summary>Why a Redis must not be sold from.</summary>
/// <param name="Reason">The reason: what was seen.</param>
/// <param name="IsAnotherRedis">
/// It is as it was verified, but a later verification was made elsewhere: it may have been replaced and not know it yet.
/// </param>
internal sealed record RedisDoubt(string Reason, bool IsAnotherRedis = false);

using System.Globalization;
using Coupon.Stock.MySql;
using Coupon.Stock.Verification;
using StackExchange.Redis;

namespace Coupon.Stock.Fence;

/// <summary>Why a Redis must not be sold from.</summary>
/// <param name="Reason">What was seen.</param>
/// <param name="IsAnotherRedis">It is as it was verified, but a later verification was made elsewhere: it may have been replaced and not know it yet.</param>
internal sealed record FenceDoubt(string Reason, bool IsAnotherRedis = false);

/// <summary>Asks Redis whether it is still the one that was verified.</summary>
internal static class FenceLook
{
    /// <summary>Looks.</summary>
    /// <returns>Why it is not; null: it is.</returns>
    public static async Task<FenceDoubt?> DoubtAsync(
        IConnectionMultiplexer redis, IReadOnlyList<StockScript> scripts, long requiredVerification, DatabaseDoubt? database)
    {
        if (await RedisDoubtAsync(redis, scripts, requiredVerification).ConfigureAwait(false) is { } doubt) return doubt;
        if (database is not null) return new(database.Reason, IsAnotherRedis: database.WasReplaced);

        // A random word, and the reason.
        var doubted = (string?)await redis.GetDatabase().StringGetAsync(CouponKeys.Doubted).ConfigureAwait(false);
        return doubted is null ? null : new(doubted[(doubted.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
    }

    /// <summary>Looks at Redis alone.</summary>
    public static async Task<FenceDoubt?> RedisDoubtAsync(IConnectionMultiplexer redis, IReadOnlyList<StockScript> scripts, long requiredVerification)
    {
        await ScriptLoading.FlushReplicasAsync(redis).ConfigureAwait(false);
        foreach (var primary in await RedisIdentity.PrimariesAsync(redis).ConfigureAwait(false))
        {
            foreach (var script in scripts)
            {
                if (!await primary.ScriptExistsAsync(script.Hash).ConfigureAwait(false))
                    return new($"Redis does not know {script.Name}: it was started anew, has failed over, or was never verified");
            }
        }

        var identity = await RedisIdentity.ReadAsync(redis).ConfigureAwait(false);
        var marker = ((string?)await redis.GetDatabase().StringGetAsync(CouponKeys.Verified).ConfigureAwait(false) ?? "").Split(' ', 2);
        if (marker.Length < 2 || !long.TryParse(marker[0], NumberStyles.None, CultureInfo.InvariantCulture, out var verification))
            return new("Redis has forgotten its last verification: it was flushed");
        if (marker[1] != identity.Histories) return new("the replication id of Redis has changed: another server has become the primary");
        return verification < requiredVerification ? new($"verification {requiredVerification} was made on another Redis", IsAnotherRedis: true) : null;
    }
}

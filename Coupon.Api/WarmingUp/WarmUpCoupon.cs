using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.WarmingUp;

/// <summary>
/// A coupon in Redis that MySQL does not know (<see cref="CouponKeys.WarmUpId"/>). Its keys are deleted with the round, and expire after a minute
/// where the process dies in between. It is not in the set of loaded coupons, so no relay reads its outbox.
/// </summary>
internal sealed class WarmUpCoupon : IAsyncDisposable
{
    private static readonly TimeSpan _lifeTime = TimeSpan.FromMinutes(1);

    // Larger than any epoch, so the script takes the coupon for verified.
    private const long VerifiedForEver = 1L << 53;

    private readonly IDatabase _redis;

    private WarmUpCoupon(IDatabase redis) => _redis = redis;

    public CouponKeys Keys { get; } = new(CouponKeys.WarmUpId());

    public static async Task<WarmUpCoupon> CreateAsync(IConnectionMultiplexer redis, long seats)
    {
        var coupon = new WarmUpCoupon(redis.GetDatabase());
        var keys = coupon.Keys;

        // All three keys exist from the start: a key that the script creates later would have no expiry.
        await Task.WhenAll(
            coupon._redis.HashSetAsync(
                keys.State,
                [
                    new(StateFields.Total, seats),
                    new(StateFields.Remaining, seats),
                    new(StateFields.Issued, 0),
                    new(StateFields.Closed, 0),
                    new(StateFields.Verified, VerifiedForEver),
                ]
            ),
            coupon._redis.HashSetAsync(keys.Users, 0, "0:0"),
            coupon._redis.SortedSetAddAsync(keys.Outbox, "0:0:0", 0)
        );
        await Task.WhenAll(keys.All.Select(key => coupon._redis.KeyExpireAsync(key, _lifeTime)));
        return coupon;
    }

    public async ValueTask DisposeAsync() => await _redis.KeyDeleteAsync(Keys.All);
}

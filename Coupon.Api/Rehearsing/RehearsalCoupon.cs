using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Rehearsing;

/// <summary>
/// A coupon that is nobody's (<see cref="CouponKeys.RehearsalId"/>). Its keys end with the rehearsal, and by themselves after a minute where
/// the process dies in the middle. It is not in the set of loaded coupons, so no relay sees it.
/// </summary>
internal sealed class RehearsalCoupon : IAsyncDisposable
{
    private static readonly TimeSpan _lifeTime = TimeSpan.FromMinutes(1);

    // Later than any: nobody has to verify it.
    private const long OfNoVerification = 1L << 53;
    private readonly IDatabase _redis;

    private RehearsalCoupon(IDatabase redis) => _redis = redis;

    public CouponKeys Keys { get; } = new(CouponKeys.RehearsalId());

    public static async Task<RehearsalCoupon> CreateAsync(IConnectionMultiplexer redis, long seats)
    {
        var coupon = new RehearsalCoupon(redis.GetDatabase());
        var keys = coupon.Keys;

        // All three exist from the start, or the first entry of users and outbox would create them without an end.
        await Task.WhenAll(
            coupon._redis.HashSetAsync(
                keys.State,
                [
                    new(StateFields.Total, seats),
                    new(StateFields.Remaining, seats),
                    new(StateFields.Issued, 0),
                    new(StateFields.Closed, 0),
                    new(StateFields.Verified, OfNoVerification),
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

using Coupon.Stock;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;

namespace Coupon.Tests.Servers;

/// <summary>The audit by id: each 202 against the row that it promised.</summary>
internal static class Promises
{
    /// <summary>Waits until each promise is a row, where ordinals may have been forgotten before a user was told of them.</summary>
    public static async Task AssertNoneIsBrokenAsync(
        ServiceSettings service,
        long couponId,
        IReadOnlyDictionary<long, long> promised,
        TimeSpan patience
    )
    {
        await using var database = TestDatabase.Open(service.MySql);
        var rows = database.IssuedCoupons.AsNoTracking().Where(row => row.CouponId == couponId);
        await Eventually.IsTrueAsync(
            async () =>
            {
                var written = await rows.ToDictionaryAsync(row => row.UserId, row => row.Ordinal);
                return promised.All(promise => written.TryGetValue(promise.Key, out var ordinal) && ordinal == promise.Value);
            },
            "each promise is a row",
            patience
        );
    }

    /// <summary>Waits until every ordinal that Redis gave out is a row, then holds each promise to its row.</summary>
    public static async Task AssertEachIsARowAsync(
        ServiceSettings service,
        long couponId,
        IReadOnlyDictionary<long, long> promised,
        TimeSpan patience
    )
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(service.Redis.ConnectionString);
        var keys = new CouponKeys(couponId);
        var issued = (long)await redis.GetDatabase().HashGetAsync(keys.State, StateFields.Issued);
        await using var database = TestDatabase.Open(service.MySql);
        var rows = database.IssuedCoupons.AsNoTracking().Where(row => row.CouponId == couponId);
        await Eventually.IsTrueAsync(async () => await rows.CountAsync() >= issued, $"{issued} rows", patience);
        await Eventually.IsTrueAsync(async () => await OutboxLength.ReadAsync(redis.GetDatabase(), keys) == 0, "the outbox is empty", patience);

        var written = await rows.ToDictionaryAsync(row => row.UserId, row => row.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine($"{promised.Count} were told 202, {issued} ordinals were given out, {written.Count} rows");
        Assert.Equal(issued, written.Count);
        Assert.Equal(Enumerable.Range(1, (int)issued).Select(ordinal => (long)ordinal), written.Values.Order());
        Assert.DoesNotContain(promised, promise => !written.TryGetValue(promise.Key, out var ordinal) || ordinal != promise.Value);
        Assert.Equal(issued, (await database.Coupons.AsNoTracking().SingleAsync(coupon => coupon.Id == couponId)).IssuedQuantity);
    }
}

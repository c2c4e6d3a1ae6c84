using Coupon.Api.Issuing.Remembering;

namespace Coupon.Tests.Api.Issuing.Remembering;

public sealed class HolderFilterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void No_holder_is_missed(int holders)
    {
        var filter = Filled(holders, Consecutive);

        Assert.DoesNotContain(Enumerable.Range(0, holders), i => !filter.MayHold(Consecutive(i)));
    }

    /// <summary>A press of each of them goes to Redis, which such a coupon no longer needs.</summary>
    [Theory]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public void Few_others_are_taken_for_holders_whether_their_ids_are_consecutive_or_random(int holders)
    {
        Assert.InRange(FalsePositives(Consecutive), 0, holders / 500);
        Assert.InRange(FalsePositives(Scattered), 0, holders / 500);

        int FalsePositives(Func<int, long> userId)
        {
            var filter = Filled(holders, userId);
            return Enumerable.Range(holders, holders).Count(i => filter.MayHold(userId(i)));
        }
    }

    private static long Consecutive(int i) => 5_000_000_000 + i;

    // An odd multiplier gives each i another id.
    private static long Scattered(int i) => (long)((ulong)i * 0xD1342543DE82EF95UL >> 1);

    private static HolderFilter Filled(int holders, Func<int, long> userId)
    {
        var filter = new HolderFilter(holders);
        for (var i = 0; i < holders; i++)
            filter.Add(userId(i));
        return filter;
    }
}

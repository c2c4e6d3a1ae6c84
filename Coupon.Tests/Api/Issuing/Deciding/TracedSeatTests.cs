using Coupon.Api.Issuing;
using Coupon.Api.Issuing.Deciding;
using Coupon.Api.Issuing.Remembering;
using Coupon.Stock;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Api.Issuing.Deciding;

/// <summary>The script writes the trace of a press into its seat, and knows the seat by its key whatever trace the next press has.</summary>
public sealed class TracedSeatTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";
    private const string OtherTrace = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";

    [Theory]
    [InlineData(-5L)]
    [InlineData(null)]
    public async Task A_seat_and_its_entry_have_the_trace_of_the_press_that_took_it(long? key)
    {
        var keys = new CouponKeys(await api.CreateCouponAsync(10));

        var issued = await DecideAsync(keys, new Press(7, key, Trace));
        var repeated = await DecideAsync(keys, new Press(7, key, OtherTrace));
        var untraced = await DecideAsync(keys, new Press(7, key));

        var entry = OutboxEntry.Of(new HeldSeat(keys.CouponId, 1, 7, issued.TimeMs, key), Trace);
        Assert.Equal([entry.Member], await api.Redis.SortedSetRangeByRankAsync(keys.Outbox));
        Assert.Equal(IssueOutcome.Issued, issued.Outcome);
        var again = key is null ? IssueOutcome.AlreadyIssued : IssueOutcome.Repeated;
        Assert.All((IssueReply[])[repeated, untraced], reply =>
            Assert.Equal((again, 1L, issued.TimeMs, (string?)entry.Member), (reply.Outcome, reply.Ordinal, reply.TimeMs, reply.Waiting))
        );
    }

    [Fact]
    public async Task Of_presses_that_share_a_call_each_seat_has_its_own_trace()
    {
        var keys = new CouponKeys(await api.CreateCouponAsync(10));

        await DecideAsync(keys, new Press(1, null, Trace), new Press(2, 9), new Press(3, null, OtherTrace));

        var texts = (await api.Redis.HashGetAsync(keys.Users, [1, 2, 3])).Select(value => ((string)value!).Split(':', 3)[2]);
        Assert.Equal([$":{Trace}", "9", $":{OtherTrace}"], texts);
    }

    private async Task<IssueReply> DecideAsync(CouponKeys keys, params Press[] presses)
    {
        var term = api.Services.GetRequiredService<IStockFence>().Enter(keys.CouponId);
        return (await api.Services.GetRequiredService<IssueScript>().DecideAsync(keys, presses, term))[0];
    }
}

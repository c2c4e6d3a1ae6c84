using System.CommandLine;
using Coupon.Arguments;
using Coupon.Stock;

namespace Coupon.Consumers.Commands;

/// <summary><c>coupons close ID</c>.</summary>
internal static class CouponCloseCommand
{
    public static Command Create()
    {
        var id = new ValueArgument<long>("id", Values.Whole(1, long.MaxValue)) { Description = "The coupon." };
        var (output, yes, by) = (CommonOptions.Output(), CommonOptions.Yes(), CommonOptions.By());
        var command = new Command("close", "Closes a coupon for good: it can be neither opened nor restocked. What was issued stays issued.")
        {
            id,
            output,
            yes,
            by,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                new CouponChangeRun("close", parsed.GetValue(id), parsed.GetValue(by)!, parsed.GetValue(output), parsed.GetValue(yes)).RunAsync(
                    coupon => $"Close coupon {coupon.Id}, '{coupon.Title}', for good?",
                    (coupon, changes) => CloseAsync(coupon.Id, changes, cancellationToken),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<CouponChangeReport> CloseAsync(long couponId, CouponChanges changes, CancellationToken cancellationToken)
    {
        try
        {
            var (coupon, following) = await changes.CloseAsync(couponId, cancellationToken);
            return coupon is null
                ? new CouponChangeReport(ExitCodes.NothingMatched, "The coupon does not exist any more.")
                : CouponChangeReport.Of($"Closed since {Printing.Time(coupon.ClosedAt)} (UTC).", following);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            return new CouponChangeReport(
                ExitCodes.Partly,
                "It is closed in MySQL. Redis does not answer, and may give it out until an instance of the API, or a repetition, has reached it."
            );
        }
    }
}

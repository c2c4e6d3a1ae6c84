using System.CommandLine;
using Coupon.Arguments;
using Coupon.Database;
using Coupon.Stock;

namespace Coupon.Consumers.Commands;

/// <summary><c>coupons restock ID --quantity N</c>.</summary>
internal static class CouponRestockCommand
{
    public static Command Create()
    {
        var id = new ValueArgument<long>("id", Values.Whole(1, long.MaxValue)) { Description = "The coupon." };
        var quantity = new ValueOption<long>("--quantity", Values.Whole(1, CouponRow.MaxTotalQuantity))
        {
            Description = "How many are added.",
            Required = true,
        };
        var expected = new ValueOption<long?>("--expected-total", Values.Optional(Values.Whole(1, CouponRow.MaxTotalQuantity)))
        {
            Description = "Add only where the total is still this one, so that a repetition adds nothing. Default: the total as it is read first.",
        };
        var (output, yes, by) = (CommonOptions.Output(), CommonOptions.Yes(), CommonOptions.By());
        var command = new Command("restock", "Adds seats to a coupon. They cannot be taken away again.") { id, quantity, expected, output, yes, by };
        command.SetAction(
            (parsed, cancellationToken) =>
                new CouponChangeRun("restock", parsed.GetValue(id), parsed.GetValue(by)!, parsed.GetValue(output), parsed.GetValue(yes)).RunAsync(
                    coupon => $"Add {Counted.Of(parsed.GetValue(quantity), "seat")} to the {coupon.TotalQuantity} of coupon {coupon.Id}?",
                    async (coupon, changes) =>
                        Report(
                            await changes.RestockAsync(
                                coupon.Id,
                                parsed.GetValue(quantity),
                                parsed.GetValue(expected) ?? coupon.TotalQuantity,
                                cancellationToken
                            )
                        ),
                    cancellationToken
                )
        );
        return command;
    }

    private static CouponChangeReport Report(Restock restock) =>
        restock.Outcome switch
        {
            RestockOutcome.Restocked => CouponChangeReport.Of($"The total is {restock.Coupon!.TotalQuantity} now.", restock.Following),
            RestockOutcome.UnknownCoupon => new CouponChangeReport(ExitCodes.NothingMatched, "The coupon does not exist any more."),
            RestockOutcome.Closed => new CouponChangeReport(ExitCodes.Failed, "The coupon was closed by hand: nothing was added."),
            RestockOutcome.TotalChanged => new CouponChangeReport(
                ExitCodes.Failed,
                $"The total is {restock.Coupon!.TotalQuantity}, and not the expected one: nothing was added."
            ),
            _ => new CouponChangeReport(ExitCodes.Failed, $"The total would exceed {CouponRow.MaxTotalQuantity}: nothing was added."),
        };
}

using System.CommandLine;
using System.Globalization;
using Coupon.Arguments;
using Coupon.Consumers.Coupons;
using Coupon.Consumers.DeadLetters;

namespace Coupon.Consumers.Commands;

/// <summary><c>coupons show ID</c>.</summary>
internal static class CouponShowCommand
{
    public static Command Create()
    {
        var id = new ValueArgument<long>("id", Values.Whole(1, long.MaxValue)) { Description = "The coupon." };
        var output = CommonOptions.Output();
        var command = new Command("show", "Shows one coupon and its dead letters by cause.") { id, output };
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(async services =>
                {
                    var couponId = parsed.GetValue(id);
                    if (await services.GetRequiredService<CouponQueries>().FindAsync(couponId, cancellationToken) is not { } coupon)
                    {
                        await Console.Error.WriteLineAsync($"There is no coupon {couponId}.");
                        return ExitCodes.NothingMatched;
                    }
                    var deadLetters = await services
                        .GetRequiredService<DeadLetterQueries>()
                        .GroupsAsync(new DeadLetterFilter { CouponId = couponId }, cancellationToken);
                    if (parsed.GetValue(output) == OutputFormat.Json)
                        Printing.WriteJson(new { coupon, deadLetters });
                    else
                        Write(coupon, deadLetters);
                    return ExitCodes.Done;
                })
        );
        return command;
    }

    private static void Write(CouponView coupon, IReadOnlyList<DeadLetterGroup> deadLetters)
    {
        Printing.WriteTable(
            ["coupon", Text(coupon.Id)],
            [
                ["title", coupon.Title],
                ["stage", coupon.Stage.ToString()],
                ["total", Text(coupon.TotalQuantity)],
                ["persisted", Text(coupon.Persisted)],
                ["voided", Text(coupon.Voided)],
                ["returned", Text(coupon.Returned)],
                ["opens (UTC)", Printing.Time(coupon.OpensAt)],
                ["closes (UTC)", Printing.Time(coupon.ClosesAt)],
                ["closed by hand (UTC)", Printing.Time(coupon.ClosedAt)],
                ["created (UTC)", Printing.Time(coupon.CreatedAt)],
            ]
        );
        if (deadLetters.Count > 0)
            GroupsCommand.Write(deadLetters);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

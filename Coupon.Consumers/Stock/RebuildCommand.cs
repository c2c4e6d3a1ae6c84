using System.CommandLine;
using System.Globalization;
using Coupon.Consumers.DeadLetters.Commands;
using Coupon.Stock.Verification;

namespace Coupon.Consumers.Stock;

/// <summary><c>rebuild</c>: brings coupons in Redis up to what MySQL and the topics know.</summary>
internal static class RebuildCommand
{
    private static readonly string[] _columns =
    [
        "coupon",
        "users added",
        "last ordinal before",
        "after",
        "sent again",
        "forgotten",
        "missing",
        "conflicts",
        "remaining",
    ];

    public static Command Create()
    {
        var coupon = new Option<long?>("--coupon")
        {
            Description = "This coupon; default: all that Redis has, and all that have not ended or ended within the last day.",
        };
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command(
            "rebuild",
            "Verifies coupons in Redis against MySQL and the topics and puts them right. "
                + "They sell nothing meanwhile. Safe to interrupt and to run twice."
        )
        {
            coupon,
            json,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(async services =>
                {
                    var verifier = services.GetRequiredService<StockVerifier>();
                    try
                    {
                        return await ReportAsync(
                            await verifier.RebuildAsync(
                                parsed.GetValue(coupon) is { } one ? [one] : null,
                                "asked for on the command line",
                                cancellationToken
                            ),
                            parsed.GetValue(json)
                        );
                    }
                    catch (VerificationInterruptedException exception)
                    {
                        await Console.Error.WriteLineAsync($"{exception.Message} Run it again.");
                        return ExitCodes.Failed;
                    }
                })
        );
        return command;
    }

    private static async Task<int> ReportAsync(VerificationReport? report, bool json)
    {
        if (report is null)
        {
            await Console.Error.WriteLineAsync("Another verification is under way: wait for it, or run this again.");
            return ExitCodes.Failed;
        }

        if (json)
            Printing.WriteJson(report);
        else if (report.Coupons.Count > 0)
            Printing.WriteTable(_columns, report.Coupons.Select(Row));
        if (report.Coupons.Count == 0)
        {
            await Console.Error.WriteLineAsync("There is no such coupon.");
            return ExitCodes.NothingMatched;
        }

        await Console.Error.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Verification {report.Id}: {report.Seconds:0.00} s, of which {report.SettleSeconds:0.00} s waiting for instances."
            )
        );
        return report.Coupons.Any(found => found.OrdinalsMissing + found.Conflicts > 0) ? ExitCodes.Partly : ExitCodes.Done;
    }

    private static string[] Row(CouponFindings found) =>
        [
            .. new[]
            {
                found.CouponId,
                found.UsersAdded,
                found.OrdinalBefore,
                found.OrdinalAfter,
                found.OutboxAdded,
                found.OrdinalsForgotten,
                found.OrdinalsMissing,
                found.Conflicts,
                found.Remaining,
            }.Select(number => number.ToString(CultureInfo.InvariantCulture)),
        ];
}

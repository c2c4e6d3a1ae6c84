using System.CommandLine;
using System.Globalization;
using Coupon.Stock;
using Coupon.Stock.Verification;

namespace Coupon.Consumers.Commands;

/// <summary><c>rebuild</c>: verifies coupons in Redis against MySQL and the topics, and corrects them.</summary>
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
        var coupon = CommonOptions.Coupon("This coupon; default: all that Redis has, and all that have not ended or ended within the last day.");
        var (output, by) = (CommonOptions.Output(), CommonOptions.By());
        var command = new Command(
            "rebuild",
            "Verifies coupons in Redis against MySQL and the topics, and corrects them. "
                + "They sell nothing meanwhile. May be interrupted and repeated."
        )
        {
            coupon,
            output,
            by,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                CommandServices.RunAsync(services =>
                {
                    var action = RecordedCommand.Of("rebuild", parsed.GetValue(by)!);
                    action.CouponId = parsed.GetValue(coupon);
                    return RecordedCommand.RunAsync(
                        services,
                        action,
                        () => RebuildAsync(services, action.CouponId, parsed.GetValue(output), cancellationToken),
                        cancellationToken
                    );
                })
        );
        return command;
    }

    private static async Task<int> RebuildAsync(IServiceProvider services, long? coupon, OutputFormat output, CancellationToken cancellationToken)
    {
        var verifier = services.GetRequiredService<StockVerifier>();
        try
        {
            return await ReportAsync(
                await verifier.RebuildAsync(coupon is { } one ? [one] : null, "asked for on the command line", cancellationToken),
                output
            );
        }
        catch (VerificationInterruptedException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message} Run it again.");
            return ExitCodes.Failed;
        }
    }

    private static async Task<int> ReportAsync(VerificationReport? report, OutputFormat output)
    {
        if (report is null)
        {
            await Console.Error.WriteLineAsync("Another verification is running: wait for it, or repeat the command.");
            return ExitCodes.Failed;
        }

        if (output == OutputFormat.Json)
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

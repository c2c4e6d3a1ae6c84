using Coupon.Consumers.Coupons;
using Coupon.Stock;

namespace Coupon.Consumers.Commands;

/// <summary>A command that changes one coupon.</summary>
/// <param name="Name">The command, for the audit.</param>
/// <param name="CouponId">The coupon.</param>
/// <param name="Actor">The operator.</param>
/// <param name="Output">The format of the data.</param>
/// <param name="Yes">Whether the question is answered already.</param>
internal sealed record CouponChangeRun(string Name, long CouponId, string Actor, OutputFormat Output, bool Yes)
{
    /// <summary>Finds the coupon, asks, records the action, changes the coupon, and reports what came of it.</summary>
    public Task<int> RunAsync(
        Func<CouponView, string> question,
        Func<CouponView, CouponChanges, Task<CouponChangeReport>> change,
        CancellationToken cancellationToken
    ) =>
        CommandServices.RunAsync(async services =>
        {
            if (await services.GetRequiredService<CouponQueries>().FindAsync(CouponId, cancellationToken) is not { } coupon)
            {
                await Console.Error.WriteLineAsync($"There is no coupon {CouponId}.");
                return ExitCodes.NothingMatched;
            }
            if (await Confirmation.AskAsync(question(coupon), Yes) is { } refused)
                return refused;
            var action = RecordedCommand.Of(Name, Actor);
            action.CouponId = CouponId;
            return await RecordedCommand.RunAsync(
                services,
                action,
                async () => await ReportAsync(services, await change(coupon, services.GetRequiredService<CouponChanges>()), cancellationToken),
                cancellationToken
            );
        });

    private async Task<int> ReportAsync(IServiceProvider services, CouponChangeReport report, CancellationToken cancellationToken)
    {
        if (Output == OutputFormat.Json && await services.GetRequiredService<CouponQueries>().FindAsync(CouponId, cancellationToken) is { } changed)
            Printing.WriteJson(changed);
        await Console.Error.WriteLineAsync(report.Words);
        return report.Code;
    }
}

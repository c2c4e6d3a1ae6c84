using System.Diagnostics;
using Coupon.Benchmarks.Consuming;
using Coupon.Sale;
using Coupon.Sale.Books;
using Coupon.Sale.Deployment;
using Coupon.Sale.Load;

namespace Coupon.Benchmarks.Sales;

/// <summary>Holds one sale against a running service, waits until it is written, and checks the books: a figure of a wrong sale is none.</summary>
internal sealed class SaleRunner(Service service, SaleOptions options, IReadOnlyList<(string Name, int Id)> processes)
{
    private static readonly HashSet<string> _expectedRefusals = ["already-issued", "sold-out"];

    /// <summary>What the clients of the last sale were told.</summary>
    public Tally Tally { get; private set; } = new(0);

    /// <summary>The rows of the last sale.</summary>
    public WrittenSale Written { get; private set; } = new([], []);

    /// <exception cref="InvalidOperationException">The books do not balance, or an answer was neither a 202 nor a refusal that the rules explain.</exception>
    public async Task<SaleFigures> RunAsync(CancellationToken cancellationToken)
    {
        var couponId = await service.CreateCouponAsync(options.Stock, cancellationToken);
        var commits = await WrittenRows.CommitsAsync(service.MySql);
        var crowd = new Crowd([.. service.Instances.Select(instance => instance.Url)], couponId, options);
        var uses = new ProcessUses(processes);
        var duration = await crowd.RushAsync(cancellationToken);

        Tally = crowd.Tally;
        await WrittenRows.WaitAsync(service.MySql, [couponId], Tally.Accepted, commits);
        var used = uses.Read();
        commits = await WrittenRows.CommitsAsync(service.MySql) - commits;
        await CheckAsync(couponId, cancellationToken);
        Written = await WrittenSale.ReadAsync(service.MySql, couponId);
        return new SaleFigures(
            Tally.Answered / duration.TotalSeconds, Percentile(0.5), Percentile(0.95), Percentile(0.99), Written.PersistedPerSecond, Written.DrainSeconds, commits, used);

        double Percentile(double share) => Tally.Percentile(share, Stopwatch.Frequency);
    }

    private async Task CheckAsync(long couponId, CancellationToken cancellationToken)
    {
        var unexpected = Tally.Refused.Where(refused => !_expectedRefusals.Contains(refused.Key)).Select(refused => $"{refused.Value} × {refused.Key}").ToArray();
        if (unexpected.Length > 0) throw new InvalidOperationException($"Unexpected answers: {string.Join(", ", unexpected)}.");
        var rows = await new Ledger(service.MySql, couponId).ReadUserByOrdinalAsync(cancellationToken);
        if (rows.Count != Math.Min(options.Stock, options.Users) || rows.Any(row => Tally.UserByOrdinal.GetValueOrDefault(row.Key) != row.Value))
            throw new InvalidOperationException($"The rows of coupon {couponId} are not what the clients were told.");
    }
}

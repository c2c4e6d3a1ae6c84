using System.Diagnostics;
using Coupon.Benchmarks.Load;
using Coupon.Benchmarks.Measuring;
using Coupon.Sale.Books;
using Coupon.Sale.Deployment;
using Coupon.Sale.Load;

namespace Coupon.Benchmarks.Sales;

/// <summary>Runs sales with clients on bare sockets in this process, and compares each row with the answer of its user.</summary>
internal sealed class SaleRunner(Service service, SaleOptions options, IReadOnlyList<(string Name, int Id)> processes) : ISaleRunner
{
    private static readonly HashSet<string> _expectedRefusals = ["already-issued", "sold-out"];

    /// <summary>What the clients of the last sale were told.</summary>
    public Tally Tally { get; private set; } = new(0);

    /// <summary>The rows of the last sale.</summary>
    public WrittenSale Written { get; private set; } = new([], []);

    /// <exception cref="InvalidOperationException">
    /// The rows differ from the answers, answers contradict each other, or an answer was neither a 202 nor a refusal that the rules explain.
    /// </exception>
    public async Task<SaleFigures> RunAsync(CancellationToken cancellationToken)
    {
        var couponId = await service.CreateCouponAsync(options.Stock, cancellationToken);
        var crowd = new Crowd([.. service.Instances.Select(instance => instance.Url)], couponId, options);
        var watch = await SaleWatch.BeginAsync(service.MySql, processes);
        var own = ProcessorTime.OfProcess(Environment.ProcessId);
        var duration = await crowd.RushAsync(cancellationToken);

        own = ProcessorTime.OfProcess(Environment.ProcessId) - own;
        Tally = crowd.Tally;
        var load = new LoadFigures(Tally.Answered / duration.TotalSeconds, Percentile(0.5), Percentile(0.95), Percentile(0.99), own);
        (var figures, Written) = await watch.EndAsync(couponId, Tally.Accepted, load, cancellationToken);
        await CheckAsync(couponId, cancellationToken);
        return figures;

        double Percentile(double share) => Tally.Percentile(share, Stopwatch.Frequency);
    }

    private async Task CheckAsync(long couponId, CancellationToken cancellationToken)
    {
        var unexpected = Tally
            .Refused.Where(refused => !_expectedRefusals.Contains(refused.Key))
            .Select(refused => $"{refused.Value} × {refused.Key}")
            .ToArray();
        if (unexpected.Length > 0)
            throw new InvalidOperationException($"Unexpected answers: {string.Join(", ", unexpected)}.");
        if (Tally.Contradictions.TryPeek(out var contradiction))
            throw new InvalidOperationException($"{Tally.Contradictions.Count} contradictions, the first: {contradiction}.");
        var rows = await new CouponRows(service.MySql, couponId).ReadUserByOrdinalAsync(cancellationToken);
        if (rows.Count != Math.Min(options.Stock, options.Users) || rows.Any(row => Tally.UserByOrdinal.GetValueOrDefault(row.Key) != row.Value))
            throw new InvalidOperationException($"The rows of coupon {couponId} are not what the clients were told.");
    }
}

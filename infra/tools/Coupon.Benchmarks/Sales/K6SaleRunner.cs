using Coupon.Benchmarks.Load;
using Coupon.Sale.Deployment;
using Coupon.Sale.Load;

namespace Coupon.Benchmarks.Sales;

/// <summary>Runs sales with k6, whose thresholds compare the answers with each other and the books with the stock.</summary>
internal sealed class K6SaleRunner(Service service, SaleOptions options, IReadOnlyList<(string Name, int Id)> processes) : ISaleRunner
{
    /// <exception cref="InvalidOperationException">A threshold was broken.</exception>
    public async Task<SaleFigures> RunAsync(CancellationToken cancellationToken)
    {
        var watch = await SaleWatch.BeginAsync(service.MySql, processes);
        var (couponId, load) = await K6.RunAsync(
            service.Instances.Select(instance => instance.Url),
            service.Instances[0].OperatorsUrl,
            options,
            cancellationToken
        );
        return (await watch.EndAsync(couponId, Math.Min(options.Stock, options.Users), load, cancellationToken)).Figures;
    }
}

using Coupon.Benchmarks.Load;
using Coupon.Benchmarks.Measuring;
using Coupon.Benchmarks.Stack;
using Coupon.Sale.Load;

namespace Coupon.Benchmarks.Sales;

/// <summary>
/// The same sale against <see cref="Baselines.InMemoryServer"/>: the most that the load can do if deciding, remembering and producing cost nothing.
/// </summary>
internal sealed class InMemorySaleRunner(ServerProcess server, SaleOptions options) : ISaleRunner
{
    public async Task<SaleFigures> RunAsync(CancellationToken cancellationToken)
    {
        var uses = new ProcessUses([(SaleRows.Api, server.ProcessId)]);
        var (_, load) = await K6.RunAsync([server.Address], server.Address, options, cancellationToken);
        return new SaleFigures(load, uses.Read());
    }
}

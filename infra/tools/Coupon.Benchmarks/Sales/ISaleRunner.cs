namespace Coupon.Benchmarks.Sales;

/// <summary>Runs sales, one after the other, against one service.</summary>
internal interface ISaleRunner
{
    /// <exception cref="InvalidOperationException">A promise was broken, so the figures are worthless.</exception>
    Task<SaleFigures> RunAsync(CancellationToken cancellationToken);
}

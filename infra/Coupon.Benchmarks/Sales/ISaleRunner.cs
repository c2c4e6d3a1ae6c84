namespace Coupon.Benchmarks.Sales;

/// <summary>Holds sales, one after the other, against whatever it was made for.</summary>
internal interface ISaleRunner
{
    /// <exception cref="InvalidOperationException">A promise was broken: a figure of a wrong sale is none.</exception>
    Task<SaleFigures> RunAsync(CancellationToken cancellationToken);
}

using Coupon.Benchmarks.Consuming;
using Coupon.Benchmarks.Load;
using Coupon.Benchmarks.Measuring;

namespace Coupon.Benchmarks.Sales;

/// <summary>Measures a sale from outside, whatever the load: the cost of each process, and when its rows are written.</summary>
internal sealed class SaleWatch
{
    private readonly string _mySql;
    private readonly long _commitsBefore;
    private readonly ProcessUses _uses;

    private SaleWatch(string mySql, long commitsBefore, IReadOnlyList<(string Name, int Id)> processes)
    {
        _mySql = mySql;
        _commitsBefore = commitsBefore;
        _uses = new ProcessUses(processes);
    }

    public static async Task<SaleWatch> BeginAsync(string mySql, IReadOnlyList<(string Name, int Id)> processes) =>
        new(mySql, await WrittenRows.CommitsAsync(mySql), processes);

    /// <summary>Waits until everything is written.</summary>
    /// <param name="couponId">The coupon that was sold.</param>
    /// <param name="accepted">How many rows there must be.</param>
    /// <param name="load">What the clients saw.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<(SaleFigures Figures, WrittenSale Written)> EndAsync(
        long couponId,
        int accepted,
        LoadFigures load,
        CancellationToken cancellationToken
    )
    {
        await WrittenRows.WaitAsync(_mySql, [couponId], accepted, _commitsBefore, cancellationToken);
        var used = _uses.Read();
        var commits = await WrittenRows.CommitsAsync(_mySql) - _commitsBefore;
        var written = await WrittenSale.ReadAsync(_mySql, couponId);
        return (new SaleFigures(load, used) { Rows = new RowFigures(written.PersistedPerSecond, written.DrainSeconds, commits) }, written);
    }
}

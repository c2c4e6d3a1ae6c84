using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Measuring;
using Coupon.Contracts;
using MySqlConnector;

namespace Coupon.Benchmarks.Consuming;

/// <summary>What the database alone can do: one connection that inserts 1,000 rows a transaction, one after the other, from memory.</summary>
internal sealed class InsertLimit(string mySql) : IDrain
{
    private const int RowsPerTransaction = 1000;
    private IReadOnlyList<CouponIssued> _backlog = [];

    public string Name => "multi-row INSERT alone";

    public double ProcessorSeconds => ProcessorTime.OfProcess(Environment.ProcessId);

    public Task HoldAsync(IReadOnlyList<CouponIssued> backlog)
    {
        _backlog = backlog;
        return Task.CompletedTask;
    }

    public async Task ReleaseAsync()
    {
        await using var connection = new MySqlConnection(mySql);
        await connection.OpenAsync();
        foreach (var batch in _backlog.Chunk(RowsPerTransaction)) await BatchInsert.WriteAsync(connection, batch, CancellationToken.None);
    }
}

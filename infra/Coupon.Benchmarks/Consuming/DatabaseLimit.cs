using Coupon.Benchmarks.Baselines;
using Coupon.Benchmarks.Measuring;
using Coupon.Contracts;
using MySqlConnector;

namespace Coupon.Benchmarks.Consuming;

/// <summary>What the database alone can do: connections that insert so many rows a transaction, one after the other, from memory.</summary>
internal sealed class InsertLimit(string name, string mySql, int rowsPerTransaction, int connections) : IDrain
{
    private IReadOnlyList<CouponIssued> _backlog = [];

    public string Name => name;

    public double ProcessorSeconds => ProcessorTime.OfProcess(Environment.ProcessId);

    public Task HoldAsync(IReadOnlyList<CouponIssued> backlog, CancellationToken cancellationToken)
    {
        _backlog = backlog;
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(CancellationToken cancellationToken) => Parallel.ForEachAsync(
        _backlog.Chunk(rowsPerTransaction), new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = cancellationToken },
        async (batch, stop) =>
        {
            await using var connection = new MySqlConnection(mySql);
            await connection.OpenAsync(stop);
            await BatchInsert.WriteAsync(connection, batch, stop);
        });
}

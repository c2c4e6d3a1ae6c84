using Coupon.Benchmarks.Measuring;
using Coupon.Contracts;
using MySqlConnector;

namespace Coupon.Benchmarks.Consuming;

/// <summary>The limit of the database: connections that write rows from memory, one transaction after the other.</summary>
internal sealed class DatabaseLimit(string name, string mySql, BatchWriting write, int rowsPerTransaction, int connections) : IDrain
{
    private IReadOnlyList<CouponIssued> _backlog = [];

    public string Name => name;

    public double ProcessorSeconds => ProcessorTime.OfProcess(Environment.ProcessId);

    public Task HoldAsync(IReadOnlyList<CouponIssued> backlog, CancellationToken cancellationToken)
    {
        _backlog = backlog;
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            _backlog.Chunk(rowsPerTransaction),
            new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = cancellationToken },
            async (batch, stop) =>
            {
                await using var connection = new MySqlConnection(mySql);
                await connection.OpenAsync(stop);
                await write(connection, batch, stop);
            }
        );
}

/// <summary>Writes a batch in a transaction.</summary>
internal delegate Task BatchWriting(MySqlConnection connection, IReadOnlyList<CouponIssued> issuances, CancellationToken cancellationToken);

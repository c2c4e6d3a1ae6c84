using Coupon.Consumers.Consumption;
using Coupon.Consumers.Telemetry;
using Coupon.Stock.MySql;
using MySqlConnector;

namespace Coupon.Consumers.Issuing;

/// <summary>Writes a batch and returns the messages to give up; while those are more than the valve admits, it holds the batch instead.</summary>
internal sealed class ValvedWriting(
    PoisonIsolation isolation,
    DeadLetterValve valve,
    DatabaseFence mySql,
    ConsumptionState state,
    ConsumerMetrics metrics,
    TimeProvider time,
    ILogger<ValvedWriting> logger
)
{
    private static readonly BatchResult _nothing = new(0, 0, [], []);
    private static readonly TimeSpan _betweenChecks = TimeSpan.FromSeconds(1);

    /// <param name="batch">The messages to write.</param>
    /// <param name="undecodable">Messages of the same batch that cannot be decoded.</param>
    /// <param name="cancellationToken">The process stops, or the partitions were revoked.</param>
    /// <returns>All messages to give up, the undecodable ones among them. The others are in the database.</returns>
    public async Task<IReadOnlyList<Rejection>> WriteAsync(
        Issuance[] batch,
        IReadOnlyList<Rejection> undecodable,
        CancellationToken cancellationToken
    )
    {
        var messages = batch.Length + undecodable.Count;
        var unwritten = batch;
        using var shut = new RetryObstacle(state, ObstacleKind.ValveShut);
        while (true)
        {
            var admitted = valve.Admits(messages);
            var result =
                unwritten.Length == 0
                    ? _nothing
                    : await isolation.WriteAsync(unwritten, Math.Max(0, admitted - undecodable.Count), cancellationToken);
            metrics.Written(result.Inserted, result.Repeated);
            if (result.Rejections.Any(IsPoison) && await DoubtAsync(cancellationToken) is { } doubt)
            {
                // An unknown coupon, or one without a seat left, may only mean that the database has lost its latest transactions.
                using var held = state.Enter(ObstacleKind.DatabaseDoubted, doubt);
                await Task.Delay(_betweenChecks, time, cancellationToken);
                unwritten = result.Unwritten;
                continue;
            }

            // A batch that waited for Retry:MaxElapsed is not counted: held by the valve as well, it would never be given up.
            var poison = result.Rejections.Count(IsPoison) + undecodable.Count;
            if (poison <= admitted && result.NotTried.Count == 0)
            {
                valve.Record(messages, poison);
                return [.. undecodable, .. result.Rejections];
            }
            Log.ValveShut(logger, poison, messages);
            unwritten = result.Unwritten;
            var reason = result.Rejections.Concat(undecodable).First().Exception.Message;
            shut.Show($"{poison} or more of {messages} messages cannot be written: {reason}");
            await valve.WaitAsync(cancellationToken);
        }
    }

    // The fence is asked now: this rejection may be the first sign of another server.
    private async Task<string?> DoubtAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await mySql.CheckAsync(cancellationToken))?.Reason;
        }
        catch (MySqlException exception)
        {
            return $"it cannot be checked whether it is still the same server: {exception.Message}";
        }
    }

    private static bool IsPoison(Rejection rejection) => rejection.Cause != RejectionCauses.RetriesExhausted;
}

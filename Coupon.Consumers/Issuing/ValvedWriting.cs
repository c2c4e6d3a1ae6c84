using Coupon.Consumers.Consumption;
using Coupon.Stock.MySql;
using MySqlConnector;

namespace Coupon.Consumers.Issuing;

/// <summary>Writes a batch and says what is to be given up; while that is more than the valve admits, it holds the batch instead.</summary>
internal sealed class ValvedWriting(
    PoisonIsolation isolation,
    DeadLetterValve valve,
    DatabaseFence mySql,
    ConsumptionState state,
    TimeProvider time,
    ILogger<ValvedWriting> log
)
{
    private static readonly BatchResult _nothing = new(0, 0, [], []);
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromSeconds(1);

    /// <param name="batch">The messages to write.</param>
    /// <param name="undecodable">Messages of the same batch that there is nothing to write of.</param>
    /// <param name="cancellationToken">The process stops, or the partitions were revoked.</param>
    /// <returns>All that is to be given up, the undecodable ones among them. The rest is in the database.</returns>
    public async Task<IReadOnlyList<Failure>> WriteAsync(Issuance[] batch, IReadOnlyList<Failure> undecodable, CancellationToken cancellationToken)
    {
        var messages = batch.Length + undecodable.Count;
        var unwritten = batch;
        using var shut = new ShutValve(state);
        while (true)
        {
            var admitted = valve.Admits(messages);
            var result =
                unwritten.Length == 0
                    ? _nothing
                    : await isolation.WriteAsync(unwritten, Math.Max(0, admitted - undecodable.Count), cancellationToken);
            if (result.Failures.Any(failure => failure.Cause != RejectionCauses.RetriesExhausted) && await DoubtAsync(cancellationToken) is { } doubt)
            {
                // That a coupon is unknown, or has no seat left, may only mean that the database does not know the latest yet.
                using var held = state.Enter(Trouble.DatabaseDoubted, doubt);
                await Task.Delay(_betweenLooks, time, cancellationToken);
                unwritten = result.Unwritten;
                continue;
            }

            var failures = JudgedByTheValve(result) + undecodable.Count;
            if (failures <= admitted && result.NotTried.Count == 0)
            {
                valve.Record(messages, failures);
                return [.. undecodable, .. result.Failures];
            }
            log.ValveShut(failures, messages);
            unwritten = result.Unwritten;
            var reason = result.Failures.Concat(undecodable).First().Exception.Message;
            shut.Shut($"{failures} or more of {messages} messages cannot be written: {reason}");
            await valve.WaitAsync(cancellationToken);
        }
    }

    // Asked now, not as of the last look: what was refused may be the first that was heard of another server.
    private async Task<string?> DoubtAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await mySql.CheckAsync(cancellationToken))?.Reason;
        }
        catch (MySqlException exception)
        {
            return $"nobody can say whether it is the one that it was: {exception.Message}";
        }
    }

    // A batch that waited for Retry:MaxElapsed is let go one at a time as it is: held by the valve too, it would never be.
    private static int JudgedByTheValve(BatchResult result) => result.Failures.Count(failure => failure.Cause != RejectionCauses.RetriesExhausted);
}

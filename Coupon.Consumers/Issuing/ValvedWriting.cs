using Coupon.Consumers.Consumption;

namespace Coupon.Consumers.Issuing;

/// <summary>Writes a batch and says what is to be given up; while that is more than the valve admits, it holds the batch instead.</summary>
internal sealed class ValvedWriting(PoisonIsolation isolation, DeadLetterValve valve, ConsumptionState state, ILogger<ValvedWriting> log)
{
    private static readonly BatchResult _nothing = new(0, 0, [], []);

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
            var result = unwritten.Length == 0 ? _nothing
                : await isolation.WriteAsync(unwritten, Math.Max(0, admitted - undecodable.Count), cancellationToken);
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

    // A batch that waited for Retry:MaxElapsed is let go one at a time as it is: held by the valve too, it would never be.
    private static int JudgedByTheValve(BatchResult result) =>
        result.Failures.Count(failure => failure.Cause != RejectionCauses.RetriesExhausted);
}

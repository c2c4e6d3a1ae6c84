using Coupon.Consumers.Consumption;

namespace Coupon.Consumers.Issuing;

/// <summary>Writes a batch and says what is to be given up; while that is more than the valve admits, it holds the batch instead.</summary>
internal sealed class ValvedWriting(PoisonIsolation isolation, DeadLetterValve valve, ConsumptionState state, ILogger<ValvedWriting> log)
{
    public async Task<IReadOnlyList<Failure>> WriteAsync(Issuance[] batch, CancellationToken cancellationToken)
    {
        var unwritten = batch;
        while (true)
        {
            var admitted = valve.Admits(batch.Length);
            var result = await isolation.WriteAsync(unwritten, admitted, cancellationToken);
            if (JudgedByTheValve(result) <= admitted && result.NotTried.Count == 0)
            {
                valve.Record(batch.Length, JudgedByTheValve(result));
                return result.Failures;
            }
            log.ValveShut(result.Failures.Count, batch.Length);
            unwritten = result.Unwritten;
            using (state.Enter(Trouble.ValveShut, $"{result.Failures.Count} of the last {batch.Length} messages cannot be written: {result.Failures[0].Exception.Message}"))
                await valve.WaitAsync(cancellationToken);
        }
    }

    // A batch that waited for Retry:MaxElapsed is let go one at a time as it is: held by the valve too, it would never be.
    private static int JudgedByTheValve(BatchResult result) =>
        result.Failures.Count(failure => failure.Cause != RejectionCauses.RetriesExhausted);
}

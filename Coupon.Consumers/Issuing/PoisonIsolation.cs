using Coupon.Consumers.Consumption;
using Coupon.Database;
using Polly;
using Polly.Registry;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// Writes a batch; where the data is at fault, halves it until the poison stands alone. One poison message in n costs at most
/// 2·log2(n) + 1 transactions more, and all its neighbours are written; n poison messages cost 2n − 1, which is what the valve is for.
/// </summary>
internal sealed class PoisonIsolation(
    IssuedCouponWriter writer,
    ResiliencePipelineProvider<string> pipelines,
    ConsumptionState state,
    ConsumerMetrics metrics,
    TimeProvider time
)
{
    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(PersistencePipeline.Name);

    /// <summary>One that does everything and leaves nothing.</summary>
    public PoisonIsolation Rehearsing() => new(writer.Rehearsing(), pipelines, state, metrics, time);

    /// <param name="batch">The messages, at least one.</param>
    /// <param name="mostFailures">With more failures than this the rest is left alone.</param>
    /// <param name="cancellationToken">The process stops, or the partitions were revoked.</param>
    public async Task<BatchResult> WriteAsync(ReadOnlyMemory<Issuance> batch, int mostFailures, CancellationToken cancellationToken)
    {
        var (inserted, repeated) = (0, 0);
        var failures = new List<Failure>();
        var poison = 0;
        var parts = new Stack<(ReadOnlyMemory<Issuance> Part, Attempts Attempts)>([(batch, new Attempts(time))]);
        while (poison <= mostFailures && parts.TryPop(out var next))
        {
            var (part, attempts) = next;
            try
            {
                var outcome = await WriteAsync(part, attempts, cancellationToken);
                inserted += outcome.Inserted;
                repeated += outcome.Repeated;
                foreach (var (issuance, cause, exception) in outcome.Rejections)
                    failures.Add(attempts.Failure(issuance, cause, exception));
                poison += outcome.Rejections.Count;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                var kind = DatabaseFailure.KindOf(exception);
                if (kind == DatabaseFailureKind.Transient || part.Length == 1)
                {
                    poison += kind == DatabaseFailureKind.Transient ? 0 : 1;
                    foreach (var issuance in part.ToArray())
                        failures.Add(attempts.Failure(issuance, CauseOf(kind), exception));
                    continue;
                }
                var middle = part.Length / 2;
                parts.Push((part[middle..], attempts.Fork()));
                parts.Push((part[..middle], attempts.Fork()));
            }
        }
        metrics.Written(inserted, repeated);
        return new BatchResult(inserted, repeated, failures, [.. parts.SelectMany(left => left.Part.ToArray())]);
    }

    private async Task<WriteOutcome> WriteAsync(ReadOnlyMemory<Issuance> part, Attempts attempts, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(PersistencePipeline.Attempts, attempts);
        IDisposable? trouble = null;
        try
        {
            return await _pipeline.ExecuteAsync(TryAsync, context);
        }
        finally
        {
            trouble?.Dispose();
            ResilienceContextPool.Shared.Return(context);
        }

        async ValueTask<WriteOutcome> TryAsync(ResilienceContext execution)
        {
            attempts.Begin();
            try
            {
                return attempts.IsPartOfPoisoned
                    ? await writer.WriteCarefullyAsync(part, execution.CancellationToken)
                    : await writer.WriteAsync(part, execution.CancellationToken);
            }
            catch (Exception exception) when (!execution.CancellationToken.IsCancellationRequested)
            {
                var transient = DatabaseFailure.KindOf(exception) == DatabaseFailureKind.Transient;
                attempts.Failed(transient);
                if (transient)
                    trouble ??= state.Enter(Trouble.DatabaseUnavailable, exception.GetBaseException().Message);
                throw;
            }
        }
    }

    private static string CauseOf(DatabaseFailureKind kind) =>
        kind switch
        {
            DatabaseFailureKind.Transient => RejectionCauses.RetriesExhausted,
            DatabaseFailureKind.Data => RejectionCauses.InvalidData,
            _ => RejectionCauses.Unexpected,
        };
}

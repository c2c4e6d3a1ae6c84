using Coupon.Consumers.Consumption;
using Coupon.Database;
using Polly;
using Polly.Registry;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// Writes a batch; where its data is at fault, halves it until the poison message stands alone. One poison message in n costs at most
/// 2·log2(n) + 1 transactions more, and all its neighbours are written; n poison messages cost 2n − 1, which the valve prevents.
/// </summary>
internal sealed class PoisonIsolation(
    IssuedCouponWriter writer,
    ResiliencePipelineProvider<string> pipelines,
    ConsumptionState state,
    TimeProvider time
)
{
    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(PersistencePipeline.Name);

    /// <param name="batch">The messages, at least one.</param>
    /// <param name="maxPoison">With more poison messages than this, the rest is left alone.</param>
    /// <param name="cancellationToken">The process stops, or the partitions were revoked.</param>
    public async Task<BatchResult> WriteAsync(ReadOnlyMemory<Issuance> batch, int maxPoison, CancellationToken cancellationToken)
    {
        var (inserted, repeated, poison) = (0, 0, 0);
        var rejections = new List<Rejection>();
        var parts = new Stack<(ReadOnlyMemory<Issuance> Part, WriteAttempts Attempts)>([(batch, new WriteAttempts(time))]);
        while (poison <= maxPoison && parts.TryPop(out var next))
        {
            var (part, attempts) = next;
            try
            {
                var outcome = await WriteAsync(part, attempts, cancellationToken);
                inserted += outcome.Inserted;
                repeated += outcome.Repeated;
                rejections.AddRange(outcome.Rejections.Select(attempts.Complete));
                poison += outcome.Rejections.Count;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                var kind = DatabaseFailure.KindOf(exception);
                if (kind == DatabaseFailureKind.Transient || part.Length == 1)
                {
                    poison += kind == DatabaseFailureKind.Transient ? 0 : 1;
                    foreach (var issuance in part.ToArray())
                        rejections.Add(attempts.Complete(new Rejection(issuance, CauseOf(kind), exception)));
                    continue;
                }
                var middle = part.Length / 2;
                parts.Push((part[middle..], attempts.Fork()));
                parts.Push((part[..middle], attempts.Fork()));
            }
        }
        return new BatchResult(inserted, repeated, rejections, [.. parts.SelectMany(left => left.Part.ToArray())]);
    }

    private async Task<WriteOutcome> WriteAsync(ReadOnlyMemory<Issuance> part, WriteAttempts attempts, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(PersistencePipeline.Attempts, attempts);
        using var obstacle = new RetryObstacle(state, ObstacleKind.DatabaseUnavailable);
        try
        {
            return await _pipeline.ExecuteAsync(TryAsync, context);
        }
        finally
        {
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
                    obstacle.Show(exception.GetBaseException().Message);
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

/// <summary>The result of writing a batch. Messages in neither list are in the database.</summary>
/// <param name="Inserted">Rows that are new.</param>
/// <param name="Repeated">Rows that were there already.</param>
/// <param name="Rejections">Messages that cannot be written.</param>
/// <param name="NotTried">Messages left alone, because there were more poison messages than the valve admits.</param>
internal sealed record BatchResult(int Inserted, int Repeated, IReadOnlyList<Rejection> Rejections, IReadOnlyList<Issuance> NotTried)
{
    /// <summary>All messages that are not in the database.</summary>
    public Issuance[] Unwritten => [.. Rejections.Select(rejection => rejection.Issuance), .. NotTried];
}

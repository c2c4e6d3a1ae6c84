using Coupon.Consumers.Consumption;
using Coupon.Consumers.Records;
using MassTransit;
using Polly;
using Polly.Registry;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Fills the ledger from the dead-letter topic. No failure escapes, as in the batch consumer: while MySQL is away, it waits.</summary>
internal sealed class DeadLetterLedgerConsumer(DeadLetterLedger ledger, ResiliencePipelineProvider<string> pipelines, ConsumptionState state)
    : IConsumer<Batch<DeadLetterMessage>>
{
    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(DeadLetterPipeline.Name);

    public async Task Consume(ConsumeContext<Batch<DeadLetterMessage>> context)
    {
        var letters = context
            .Message.Select(message => DeadLetterHeadersCodec.Read(ConsumedRecord.Of(message) with { Value = message.Message.Value }))
            .ToList();
        using var obstacle = new RetryObstacle(state, ObstacleKind.LedgerUnavailable);
        await _pipeline.ExecuteAsync(
            token => obstacle.AttemptAsync(attempt => ledger.RecordAsync(letters, attempt), token),
            context.CancellationToken
        );
    }
}

using Coupon.Consumers.Consumption;
using MassTransit;
using Polly;
using Polly.Registry;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Fills the ledger from the dead-letter topic. Like the batch consumer it lets nothing escape: while MySQL is away it waits.</summary>
internal sealed class DeadLetterLedgerConsumer(DeadLetterLedger ledger, ResiliencePipelineProvider<string> pipelines, ConsumptionState state)
    : IConsumer<Batch<DeadLetterMessage>>
{
    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(DeadLetterPipeline.Name);

    public async Task Consume(ConsumeContext<Batch<DeadLetterMessage>> context)
    {
        var letters = context
            .Message.Select(message => DeadLetterHeadersCodec.Read(ConsumedRecords.Of(message) with { Value = message.Message.Value }))
            .ToList();
        IDisposable? trouble = null;
        try
        {
            await _pipeline.ExecuteAsync(RecordAsync, context.CancellationToken);
        }
        finally
        {
            trouble?.Dispose();
        }

        async ValueTask RecordAsync(CancellationToken token)
        {
            try
            {
                await ledger.RecordAsync(letters, token);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                trouble ??= state.Enter(Trouble.LedgerUnavailable, exception.GetBaseException().Message);
                throw;
            }
        }
    }
}

using Confluent.Kafka;
using Coupon.Consumers.Consumption;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Hands messages to the dead-letter topic, and returns only when the broker has acknowledged all of them. While it does not, this waits and tries
/// again, for ever, and health says so: the batch is held, its offsets do not move, and nothing is ever skipped. It does not throw, because not every
/// rider keeps a message whose consumer threw. What the topic will never take goes straight into the ledger, which is where the topic leads to: one
/// message must not hold up a partition for ever.
/// </summary>
internal sealed class DeadLetterPublisher(
    RawProducer producer,
    DeadLetterLedger ledger,
    IOptions<TopicNames> topics,
    ResiliencePipelineProvider<string> pipelines,
    ConsumptionState state,
    ConsumerMetrics metrics,
    ILogger<DeadLetterPublisher> log
)
{
    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(DeadLetterPipeline.Name);

    /// <exception cref="OperationCanceledException">
    /// The process stops, or the partitions were revoked; some may have been sent, and will be again.
    /// </exception>
    public Task PublishAsync(IEnumerable<DeadLetter> letters, CancellationToken cancellationToken) =>
        Task.WhenAll(letters.Select(letter => PublishAsync(letter, cancellationToken)));

    private async Task PublishAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        IDisposable? trouble = null;
        try
        {
            await _pipeline.ExecuteAsync(SendAsync, cancellationToken);
        }
        finally
        {
            trouble?.Dispose();
        }
        metrics.DeadLettered(letter.Cause);
        log.DeadLettered(letter.Topic, letter.Partition, letter.Offset, letter.Cause, letter.ExceptionMessage ?? "");

        async ValueTask SendAsync(CancellationToken token)
        {
            try
            {
                await HandOverAsync(letter, token);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                trouble ??= state.Enter(Trouble.DeadLettersUnavailable, exception.Message);
                throw;
            }
        }
    }

    private async Task HandOverAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        try
        {
            await producer.SendAsync(topics.Value.DeadLetters, letter.Key, letter.Value, DeadLetterHeadersCodec.Write(letter), cancellationToken);
        }
        catch (KafkaException exception) when (IsForEver(exception.Error.Code))
        {
            log.DeadLetterNotTaken(letter.Topic, letter.Partition, letter.Offset, exception.Error.Reason);
            await ledger.RecordAsync([letter], cancellationToken);
        }
    }

    private static bool IsForEver(ErrorCode code) => code is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidRecord;
}

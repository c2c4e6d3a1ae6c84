using Confluent.Kafka;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.Telemetry;
using Coupon.Hosting.Configuration;
using Polly;
using Polly.Registry;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// Sends messages to the dead-letter topic, and returns only when the broker has acknowledged all of them. Until then it tries again without end, and
/// health reports it: the batch is held, its offsets do not move, and nothing is ever skipped. It does not throw, because MassTransit's own Kafka
/// rider commits the offset of a message whose consumer threw. A message that the topic will never take goes straight into the ledger, to which the
/// topic leads: one message must not hold up a partition for ever.
/// </summary>
internal sealed class DeadLetterPublisher(
    RawProducer producer,
    DeadLetterLedger ledger,
    TopicNames topics,
    ResiliencePipelineProvider<string> pipelines,
    ConsumptionState state,
    ConsumerMetrics metrics,
    ILogger<DeadLetterPublisher> logger
)
{
    private readonly ResiliencePipeline _pipeline = pipelines.GetPipeline(DeadLetterPipeline.Name);

    /// <exception cref="OperationCanceledException">
    /// The process stops, or the partitions were revoked; some may have been sent, and will be sent again.
    /// </exception>
    public Task PublishAsync(IEnumerable<DeadLetter> letters, CancellationToken cancellationToken) =>
        Task.WhenAll(letters.Select(letter => PublishAsync(letter, cancellationToken)));

    private async Task PublishAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        using (var obstacle = new RetryObstacle(state, ObstacleKind.DeadLettersUnavailable))
            await _pipeline.ExecuteAsync(token => obstacle.AttemptAsync(attempt => SendAsync(letter, attempt), token), cancellationToken);
        metrics.DeadLettered(letter.Cause);
        Log.DeadLettered(logger, letter.Topic, letter.Partition, letter.Offset, letter.Cause, letter.ExceptionMessage ?? "");
    }

    private async Task SendAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        using var span = SendingSpan.OfDeadLetter(topics.DeadLetters);
        try
        {
            await producer.SendAsync(topics.DeadLetters, letter.Key, letter.Value, DeadLetterHeadersCodec.Write(letter), cancellationToken);
        }
        catch (KafkaException exception) when (IsPermanent(exception.Error.Code))
        {
            SendingSpan.Failed(span, exception);
            Log.DeadLetterNotTaken(logger, letter.Topic, letter.Partition, letter.Offset, exception.Error.Reason);
            await ledger.RecordAsync([letter], cancellationToken);
        }
    }

    private static bool IsPermanent(ErrorCode code) => code is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidRecord;
}

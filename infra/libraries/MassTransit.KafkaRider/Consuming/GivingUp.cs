using MassTransit.Events;
using MassTransit.Metadata;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// When an endpoint gives up on a message, and what becomes of it: it is kept as a dead letter, or discarded where that was asked for.
/// </summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="attempts">How often a message is tried.</param>
/// <param name="when">Which exceptions count.</param>
/// <param name="topic">Where dead letters go; null where they are discarded.</param>
/// <param name="publishFaults">Whether a fault is published of each message that is given up.</param>
internal sealed class GivingUp<TKey, TValue>(
    KafkaEndpointContext<TKey, TValue> endpoint,
    int attempts,
    Func<Exception, bool> when,
    DeadLetterTopic? topic,
    bool publishFaults
)
    where TValue : class
{
    /// <summary>Whether another attempt is too much.</summary>
    public bool IsDue(int failures, Exception exception) => failures >= attempts && exception is not EndpointHaltedException && when(exception);

    /// <summary>
    /// Keeps a message that was given up, or lets go of it. Until this has succeeded, the message is not done; asked again, it goes on where it was.
    /// </summary>
    public async Task Finish(KafkaRecord<TValue> record, GivenUp givenUp, CancellationToken cancellationToken)
    {
        record.GivenUp = givenUp;
        if (!record.IsKept)
        {
            await Keep(record, givenUp, cancellationToken).ConfigureAwait(false);
            record.IsKept = true;
        }

        if (publishFaults && record.Value is not null)
            await PublishFault(record, givenUp.Cause, cancellationToken).ConfigureAwait(false);
        record.IsFinished = true;
    }

    private async Task Keep(KafkaRecord<TValue> record, GivenUp givenUp, CancellationToken cancellationToken)
    {
        var result = record.Result;
        if (topic is null)
        {
            Log.Discarded(endpoint.LogContext.Logger, givenUp.Cause, endpoint.InputAddress, result.TopicPartitionOffset);
            return;
        }

        await topic.Keep(result, givenUp, cancellationToken).ConfigureAwait(false);
        Log.GaveUp(
            endpoint.LogContext.Logger,
            givenUp.Cause,
            endpoint.InputAddress,
            result.TopicPartitionOffset,
            givenUp.Attempts,
            topic.Of(result.Topic)
        );
    }

    /// <summary>One for each message that is given up: an attempt that failed is followed by another, which may succeed.</summary>
    private Task PublishFault(KafkaRecord<TValue> record, Exception cause, CancellationToken cancellationToken)
    {
        var context = RecordDecoder<TKey, TValue>.CreateConsumeContext(
            record,
            new KafkaReceiveContext<TKey, TValue>(record.Result, endpoint, redelivered: true)
        );
        Fault<TValue> fault = new FaultEvent<TValue>(
            context.Message,
            context.MessageId,
            HostMetadataCache.Host,
            cause,
            [.. context.SupportedMessageTypes]
        );
        return context.Publish(
            fault,
            Pipe.Execute<PublishContext<Fault<TValue>>>(publish => publish.CorrelationId = context.CorrelationId),
            cancellationToken
        );
    }
}

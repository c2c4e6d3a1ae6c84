using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A consumer asked for a key that its deserializer cannot read. Trying again would not help: the message is undecodable.</summary>
internal sealed class UnreadableKeyException(TopicPartitionOffset position, Exception cause)
    : Exception($"The key of the message at {position} cannot be read: {cause.Message}", cause)
{
    public TopicPartitionOffset Position => position;

    public Exception Cause => InnerException!;

    /// <summary>The one among an exception and what caused it; null where there is none.</summary>
    public static UnreadableKeyException? In(Exception? exception) =>
        exception switch
        {
            null => null,
            UnreadableKeyException unreadable => unreadable,
            AggregateException several => several.InnerExceptions.Select(In).FirstOrDefault(found => found is not null),
            _ => In(exception.InnerException),
        };
}

using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>Says what a full local queue means: the client's own words name neither the topic nor the limits.</summary>
internal static class QueueFull
{
    public static Exception Explain(Exception exception, TopicPartition to, ProducerConfig settings) =>
        exception is KafkaException { Error.Code: ErrorCode.Local_QueueFull }
            ? new ProduceException<byte[], byte[]>(
                new Error(
                    ErrorCode.Local_QueueFull,
                    $"The local queue of the producer of {to.Topic} is full ({settings.QueueBufferingMaxMessages ?? 100_000} messages or "
                        + $"{settings.QueueBufferingMaxKbytes ?? 1_048_576} kB): the message was not sent. "
                        + "Brokers are away or slower than the application."
                ),
                new DeliveryResult<byte[], byte[]>
                {
                    Topic = to.Topic,
                    Partition = to.Partition,
                    Status = PersistenceStatus.NotPersisted,
                }
            )
            : exception;
}

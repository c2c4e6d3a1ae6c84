using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaFetchConfigurator(ConsumerConfig consumer) : IKafkaFetchConfigurator
{
    public TimeSpan? WaitMaxInterval
    {
        set => consumer.FetchWaitMaxMs = Milliseconds.Of(value);
    }
    public int? MaxPartitionBytes
    {
        set => consumer.MaxPartitionFetchBytes = value;
    }
    public int? MaxBytes
    {
        set => consumer.FetchMaxBytes = value;
    }
    public int? MinBytes
    {
        set => consumer.FetchMinBytes = value;
    }
    public TimeSpan? ErrorBackoffInterval
    {
        set => consumer.FetchErrorBackoffMs = Milliseconds.Of(value);
    }
}

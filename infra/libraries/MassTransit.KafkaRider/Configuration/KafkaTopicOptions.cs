using Confluent.Kafka.Admin;
using MassTransit.Configuration;

namespace MassTransit.KafkaIntegration;

/// <summary>A topic to create where it is missing.</summary>
/// <param name="topic">Its name.</param>
public class KafkaTopicOptions(string topic) : IOptions, ISpecification
{
    private ushort _partitions = 1;
    private short _replicas = 1;

    /// <summary>How many partitions. Default: 1.</summary>
    public ushort NumPartitions
    {
        set => _partitions = value;
    }

    /// <summary>How many replicas, at most as many as brokers. Default: 1.</summary>
    public short ReplicationFactor
    {
        set => _replicas = value;
    }

    /// <summary>How long the broker may take. Default: 5 seconds.</summary>
    public TimeSpan RequestTimeout { set; internal get; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate()
    {
        if (_partitions == 0)
            yield return this.Failure(nameof(NumPartitions), "should be greater than 0");
        if (_replicas <= 0)
            yield return this.Failure(nameof(ReplicationFactor), "should be greater than 0");
        if (RequestTimeout <= TimeSpan.Zero)
            yield return this.Failure(nameof(RequestTimeout), "should be greater than 0");
    }

    internal TopicSpecification ToSpecification() =>
        new()
        {
            Name = topic,
            NumPartitions = _partitions,
            ReplicationFactor = _replicas,
        };
}

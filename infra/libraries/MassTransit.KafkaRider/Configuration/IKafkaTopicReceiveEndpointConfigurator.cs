using Confluent.Kafka;
using MassTransit.KafkaIntegration;
using MassTransit.KafkaIntegration.Serializers;

namespace MassTransit;

/// <summary>
/// Configures one topic endpoint: what a consumer group does with one topic. Mirrors the interface of the same name in MassTransit.Kafka,
/// with its defaults; what a setting does differently here is said on it.
/// </summary>
public interface IKafkaTopicReceiveEndpointConfigurator : IReceiveEndpointConfigurator
{
    /// <summary>Where a group without a committed offset begins (<c>auto.offset.reset</c>). Default: latest.</summary>
    AutoOffsetReset? AutoOffsetReset { set; }

    /// <summary>Name of a static member, which keeps its partitions over a restart (<c>group.instance.id</c>). Default: none.</summary>
    string? GroupInstanceId { set; }

    /// <summary>
    /// Where to start reading each partition, instead of the committed offset. Default: <see cref="Confluent.Kafka.Offset.Unset"/>. It applies to
    /// each process by itself, whenever a partition comes to it for the first time since its endpoint was started: where partitions move between
    /// processes, whoever gets one begins it there.
    /// </summary>
    long Offset { set; }

    /// <summary>
    /// How often offsets are committed. Default: 1 minute. Here it also holds while no further message arrives and while a handler takes long.
    /// </summary>
    TimeSpan CheckpointInterval { set; }

    /// <summary>
    /// How many messages of one partition may be under way before the partition is paused. Default: 10,000; never more than half of the prefetch
    /// count. Batch consumers do not need it: what is under way is their batches and one more.
    /// </summary>
    ushort MessageLimit { set; }

    /// <summary>Offsets are also committed after this many messages. Default: 5,000.</summary>
    ushort CheckpointMessageCount { set; }

    /// <summary>How many clients of this process join the group, each with partitions of its own. Default: 1.</summary>
    ushort ConcurrentConsumerLimit { set; }

    /// <summary>
    /// How many messages of one partition are handled at the same time; more than one gives their order up. Default: 1. Batch consumers do not
    /// need it: they get full batches whatever it says.
    /// </summary>
    int ConcurrentDeliveryLimit { set; }

    /// <summary>How a group divides the partitions (<c>partition.assignment.strategy</c>). Default: range, round robin.</summary>
    PartitionAssignmentStrategy? PartitionAssignmentStrategy { set; }

    /// <summary>After how long without a heartbeat a member is taken for dead (<c>session.timeout.ms</c>). Default: 45 seconds.</summary>
    TimeSpan? SessionTimeout { set; }

    /// <summary>How often a member shows that it lives (<c>heartbeat.interval.ms</c>). Default: 3 seconds.</summary>
    TimeSpan? HeartbeatInterval { set; }

    /// <summary>Group protocol type (<c>group.protocol.type</c>). Default: consumer.</summary>
    string? GroupProtocolType { set; }

    /// <summary>How often the group's coordinator is looked up (<c>coordinator.query.interval.ms</c>). Default: 10 minutes.</summary>
    TimeSpan? CoordinatorQueryInterval { set; }

    /// <summary>
    /// Longest time between two polls before a member is put out of its group (<c>max.poll.interval.ms</c>). Default: 5 minutes. A handler may take
    /// longer here: polling goes on, with the partitions paused.
    /// </summary>
    TimeSpan? MaxPollInterval { set; }

    /// <summary>True is refused at start: an offset is stored when its message is done, never before. False says the same as nothing.</summary>
    bool? EnableAutoOffsetStore { set; }

    /// <summary>Messages a partition that are fetched ahead (<c>queued.min.messages</c>). Default: 100,000.</summary>
    int? QueuedMinMessages { set; }

    /// <summary>Kilobytes a partition that are fetched ahead (<c>queued.max.messages.kbytes</c>). Default: 65,536.</summary>
    int? QueuedMaxMessagesKbytes { set; }

    /// <summary>True is refused at start: the end of a partition is not delivered to consumers. False says the same as nothing.</summary>
    bool? EnablePartitionEof { set; }

    /// <summary>Check the checksums of fetched messages (<c>check.crcs</c>). Default: false.</summary>
    bool? CheckCrcs { set; }

    /// <summary>Sets how messages are fetched.</summary>
    void ConfigureFetch(Action<IKafkaFetchConfigurator> configure);

    /// <summary>Whether messages of aborted transactions are read (<c>isolation.level</c>). Default: read committed.</summary>
    void UseIsolationLevel(IsolationLevel isolationLevel);

    /// <summary>Sets how headers are read.</summary>
    void SetHeadersDeserializer(IHeadersDeserializer deserializer);

    /// <summary>
    /// Sets who is told the outcome of a commit. Runs on a thread of the thread pool, for one commit of a client at a time: be short, and safe for
    /// concurrent use where an endpoint has several clients; an exception is logged.
    /// </summary>
    void SetOffsetsCommittedHandler(Action<CommittedOffsets> offsetsCommittedHandler);

    /// <summary>
    /// Sets who is given librdkafka's statistics as JSON, every <see cref="IKafkaFactoryConfigurator.StatisticsInterval"/>.
    /// Runs on the polling thread: be short; an exception is logged.
    /// </summary>
    void SetStatisticsHandler(Action<string> statisticsHandler);

    /// <summary>
    /// Creates the topic when the endpoint starts, unless it exists; refused with a pattern, which names none. Needs the right to; one partition, one
    /// replica unless configured.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called a second time.</exception>
    void CreateIfMissing(Action<KafkaTopicOptions>? configure = default);
}

/// <summary>Configures one topic endpoint whose keys and values have known types.</summary>
/// <typeparam name="TKey">Type of the key.</typeparam>
/// <typeparam name="TValue">Type of the message.</typeparam>
public interface IKafkaTopicReceiveEndpointConfigurator<TKey, TValue> : IKafkaTopicReceiveEndpointConfigurator
    where TValue : class
{
    /// <summary>
    /// Sets how keys are read. A key is read when a consumer asks for it. One that throws makes the message undecodable, unless the consumer catches
    /// that; of a batch, the others are delivered again without it.
    /// </summary>
    void SetKeyDeserializer(IDeserializer<TKey> deserializer);

    /// <summary>Sets how values are read. One that throws, or returns null, makes the message undecodable.</summary>
    void SetValueDeserializer(IDeserializer<TValue> deserializer);
}

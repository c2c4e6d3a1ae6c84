using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>How an endpoint consumes, once everything is configured.</summary>
internal sealed record ConsumerSettings
{
    public static readonly TimeSpan DefaultStopTimeout = TimeSpan.FromSeconds(30);

    public required ConsumerConfig Client { get; init; }
    public required string Topic { get; init; }

    /// <summary>Whether the topic is a pattern: the client takes one that begins with <c>^</c> for a regular expression.</summary>
    public bool IsPattern => TopicPattern.Is(Topic);

    public required KafkaTopicOptions? TopicToCreate { get; init; }
    public required Offset StartOffset { get; init; }
    public required TimeSpan CheckpointInterval { get; init; }
    public required int CheckpointMessageCount { get; init; }

    /// <summary>Messages of one partition under way before it is paused.</summary>
    public required int MessageLimit { get; init; }

    /// <summary>Clients in the group.</summary>
    public required int Consumers { get; init; }

    /// <summary>Messages handled at the same time, over all partitions of a client.</summary>
    public required int ConcurrentMessages { get; init; }

    /// <summary>Messages of one partition handled at the same time.</summary>
    public required int ConcurrentDeliveries { get; init; }

    /// <summary>Messages taken from the client before the first of them is done.</summary>
    public required int Prefetch { get; init; }

    public required Action<CommittedOffsets>? OffsetsCommittedHandler { get; init; }
    public required Action<string>? StatisticsHandler { get; init; }
    public required Action<IClient, string>? TokenRefreshHandler { get; init; }

    /// <summary>How long a partition may make no progress while messages wait before that is reported.</summary>
    public required TimeSpan StandsStillAfter { get; init; }

    /// <summary>How long a stop waits for what is being handled.</summary>
    public required TimeSpan StopTimeout { get; init; }
}

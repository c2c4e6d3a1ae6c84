using Confluent.Kafka;
using MassTransit;

namespace Coupon.Consumers.Records;

/// <summary>The settings that all Kafka clients of this program share, beside those of the configuration.</summary>
internal static class KafkaSettings
{
    /// <summary>The program's name in the logs of Kafka's brokers.</summary>
    public const string ClientId = "coupon-consumers";

    // After a crash, messages behind the last committed offsets are read again: 1 s keeps them few and the commits cheap.
    private static readonly TimeSpan _checkpointInterval = TimeSpan.FromSeconds(1);

    // The partitions of a consumer that was killed, or that a frozen broker still remembers, stand still for as long: the shortest session that
    // brokers allow by default (group.min.session.timeout.ms, https://kafka.apache.org/documentation/#brokerconfigs). The rider polls while a batch
    // is written, so a short time-out is safe.
    private static readonly TimeSpan _sessionTimeout = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan _heartbeatInterval = _sessionTimeout / 4;

    /// <summary>Reads a topic: keys and headers as bytes, from the beginning of the topic, offsets committed once a second.</summary>
    public static void ReadRaw<T>(this IKafkaTopicReceiveEndpointConfigurator<byte[], T> endpoint)
        where T : class
    {
        // A new group starts at the beginning: messages accepted before it existed must be written too.
        endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
        endpoint.CheckpointInterval = _checkpointInterval;
        endpoint.SessionTimeout = _sessionTimeout;
        endpoint.HeartbeatInterval = _heartbeatInterval;
        endpoint.SetKeyDeserializer(Deserializers.ByteArray);
        endpoint.SetHeadersDeserializer(new RawHeaders());
    }
}

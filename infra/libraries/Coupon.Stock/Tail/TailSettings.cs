using Confluent.Kafka;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;

namespace Coupon.Stock.Tail;

/// <summary>Where the unread tails are.</summary>
/// <param name="Client">How to reach Kafka: <see cref="KafkaClient"/>. Settings of a group or of its commits are ignored.</param>
/// <param name="Topics">The topics.</param>
/// <param name="Groups">The groups, whose committed offsets say what has been read.</param>
public sealed record TailSettings(ClientConfig Client, TopicNames Topics, ConsumerGroupNames Groups)
{
    /// <summary>The most time for one answer of the broker, and for reading to stand still. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}

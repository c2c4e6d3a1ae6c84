using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.Migrations;

/// <summary>Section <c>Kafka</c>: the topics that <c>migrate</c> creates.</summary>
internal sealed class NewTopicOptions
{
    /// <summary>Partitions of a topic that is created; an existing topic is left as it is. 1 to 1,000, default 12.</summary>
    [Range(1, 1000)]
    public int Partitions { get; set; } = 12;

    /// <summary>Replicas of a topic that is created; −1: the broker's default. −1 to 32, default −1.</summary>
    [Range(-1, 32)]
    public short ReplicationFactor { get; set; } = -1;

    /// <summary>
    /// The time-out of one administrative request, which is repeated until <see cref="MigrationOptions.WaitFor"/> has passed. librdkafka's mock
    /// broker never answers one. 500 ms to 5 min, default 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:05:00")]
    public TimeSpan AdminTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

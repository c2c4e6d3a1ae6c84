using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.Migrations;

/// <summary>What <c>migrate</c> needs to know beside the addresses. Section <c>Kafka</c>, and <c>Migrate:WaitFor</c>.</summary>
internal sealed class MigrationOptions
{
    /// <summary>Partitions of a topic that is created; a topic that exists is left as it is. 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int Partitions { get; set; } = 12;

    /// <summary>Replicas of a topic that is created; −1: what the broker does by default.</summary>
    [Range(-1, 32)]
    public short ReplicationFactor { get; set; } = -1;

    /// <summary>
    /// How long the broker may take to answer one administrative request; it is asked again until <see cref="WaitFor"/> has passed. librdkafka's mock
    /// broker never answers one.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:05:00")]
    public TimeSpan AdminTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for servers that are still starting. <c>Migrate:WaitFor</c> or <c>--wait</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan WaitFor { get; set; } = TimeSpan.FromSeconds(60);
}

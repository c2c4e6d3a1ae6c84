namespace Coupon.LocalServers;

/// <summary>A Kafka in which topics can be created. The mock cluster has its own way to create them.</summary>
public interface IKafkaServer : IRunningServer
{
    /// <summary>True for the mock cluster: in memory, bounded, and it forgets everything when it stops.</summary>
    bool IsLossy { get; }

    /// <summary>Creates a topic unless it exists.</summary>
    /// <param name="topic">The name.</param>
    /// <param name="partitions">How many partitions, at least 1.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken = default);
}

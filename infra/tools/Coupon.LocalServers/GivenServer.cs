namespace Coupon.LocalServers;

/// <summary>A server whose address the environment gave: it is used, never started and never stopped.</summary>
internal class GivenServer(string variable, string connectionString) : IRunningServer
{
    public string ConnectionString => connectionString;

    public string Description => $"given by {variable}";

    public static string? Address(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } address ? address : null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The same for Kafka: topics are created over the admin protocol.</summary>
internal sealed class GivenKafka(string variable, string bootstrapServers) : GivenServer(variable, bootstrapServers), IKafkaServer
{
    public bool IsLossy => false;

    public Task CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken = default) =>
        KafkaTopic.CreateAsync(ConnectionString, topic, partitions);
}

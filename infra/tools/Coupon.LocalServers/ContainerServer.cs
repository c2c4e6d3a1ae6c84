using DotNet.Testcontainers.Containers;
using Testcontainers.Kafka;
using Testcontainers.MySql;
using Testcontainers.Redis;

namespace Coupon.LocalServers;

/// <summary>A server in a container. The tags are pinned: a demo or a test must not change because an image did.</summary>
internal class ContainerServer(IContainer container, string image, string connectionString) : IRunningServer
{
    private const string RedisImage = "redis:7.4.2";
    private const string KafkaImage = "apache/kafka:4.1.0";
    private const string MySqlImage = "mysql:8.4.5";

    public string ConnectionString => connectionString;

    public string Description => $"container of {image}";

    public static async Task<IRunningServer> StartRedisAsync(CancellationToken cancellationToken)
    {
        var container = new RedisBuilder(RedisImage).WithCommand("--appendonly", "yes", "--appendfsync", "everysec").Build();
        await container.StartAsync(cancellationToken);
        return new ContainerServer(container, RedisImage, container.GetConnectionString());
    }

    public static async Task<IKafkaServer> StartKafkaAsync(CancellationToken cancellationToken)
    {
        var container = new KafkaBuilder(KafkaImage).WithEnvironment("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false").Build();
        await container.StartAsync(cancellationToken);
        return new ContainerKafka(container, KafkaImage, container.GetBootstrapAddress());
    }

    public static async Task<IRunningServer> StartMySqlAsync(CancellationToken cancellationToken)
    {
        // As root: tests create databases.
        var container = new MySqlBuilder(MySqlImage)
            .WithUsername("root")
            .WithPassword("coupon")
            .WithCommand("--innodb-flush-log-at-trx-commit=1", "--max-allowed-packet=64M", "--max-connections=500", "--local-infile=ON")
            .Build();
        await container.StartAsync(cancellationToken);
        const string more = ";SslMode=None;AllowPublicKeyRetrieval=True;AllowLoadLocalInfile=True";
        return new ContainerServer(container, MySqlImage, container.GetConnectionString() + more);
    }

    public ValueTask DisposeAsync() => container.DisposeAsync();
}

/// <summary>The same for Kafka: topics are created over the admin protocol.</summary>
internal sealed class ContainerKafka(IContainer container, string image, string bootstrapServers)
    : ContainerServer(container, image, bootstrapServers),
        IKafkaServer
{
    public bool IsLossy => false;

    public Task CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken = default) =>
        KafkaTopic.CreateAsync(ConnectionString, topic, partitions);
}

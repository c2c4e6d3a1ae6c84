using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
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

    private static readonly TimeSpan _making = TimeSpan.FromSeconds(5);

    public string ConnectionString => connectionString;

    public string Description => $"container of {image}";

    public static async Task<IRunningServer> StartRedisAsync(DockerEngine engine, CancellationToken cancellationToken)
    {
        var container = Ours(new RedisBuilder(RedisImage), engine).WithCommand("--appendonly", "yes", "--appendfsync", "everysec").Build();
        await StartAsync(container, cancellationToken);
        return new ContainerServer(container, RedisImage, container.GetConnectionString());
    }

    public static async Task<IKafkaServer> StartKafkaAsync(DockerEngine engine, CancellationToken cancellationToken)
    {
        var container = Ours(new KafkaBuilder(KafkaImage), engine).WithEnvironment("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false").Build();
        await StartAsync(container, cancellationToken);
        return new ContainerKafka(container, KafkaImage, container.GetBootstrapAddress());
    }

    public static async Task<IRunningServer> StartMySqlAsync(DockerEngine engine, CancellationToken cancellationToken)
    {
        // As root: tests create databases.
        var container = Ours(new MySqlBuilder(MySqlImage), engine)
            .WithUsername("root")
            .WithPassword("coupon")
            .WithCommand("--innodb-flush-log-at-trx-commit=1", "--max-allowed-packet=64M", "--max-connections=500", "--local-infile=ON")
            .Build();
        await StartAsync(container, cancellationToken);
        const string more = ";SslMode=None;AllowPublicKeyRetrieval=True;AllowLoadLocalInfile=True";
        return new ContainerServer(container, MySqlImage, container.GetConnectionString() + more);
    }

    public ValueTask DisposeAsync() => container.DisposeAsync();

    // Testcontainers would write dozens of lines on standard output, among those of the sale.
    private static TBuilder Ours<TBuilder, TContainer, TConfiguration>(
        ContainerBuilder<TBuilder, TContainer, TConfiguration> builder,
        DockerEngine engine
    )
        where TBuilder : ContainerBuilder<TBuilder, TContainer, TConfiguration>
        where TContainer : IContainer
        where TConfiguration : IContainerConfiguration =>
        builder.WithDockerEndpoint(engine.Endpoint).WithLogger(NullLogger.Instance).WithLabel(ContainerOwner.Label, ContainerOwner.Own);

    // A start that fails or is cancelled leaves a container that nobody else stops. One that the engine is still making would stay too, because its
    // id has not come back yet: so that is waited for, but not the download of an image before it.
    private static async Task StartAsync(IContainer container, CancellationToken cancellationToken)
    {
        var made = new TaskCompletionSource();
        container.Created += (_, _) => made.TrySetResult();
        using var stop = new CancellationTokenSource();
        var start = container.StartAsync(stop.Token);
        try
        {
            await start.WaitAsync(cancellationToken);
        }
        catch
        {
            await Task.WhenAny(made.Task, start, Task.Delay(_making, TimeProvider.System, CancellationToken.None));
            await stop.CancelAsync();
            await start.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            await container.DisposeAsync();
            throw;
        }
    }
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

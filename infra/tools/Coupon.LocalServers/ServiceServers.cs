namespace Coupon.LocalServers;

/// <summary>
/// Redis, Kafka and MySQL for a demo, a test or a benchmark. Each of them comes from the first of these that exists: an address in the environment
/// (<c>COUPON_REDIS</c>, <c>COUPON_KAFKA</c>: <c>host:port</c>; <c>COUPON_MYSQL</c>: a connection string of a user who may create databases); a
/// container, where a Docker engine answers; a private instance of a program on this machine; for Kafka, the mock cluster.
/// </summary>
public sealed class ServiceServers(IRunningServer redis, IKafkaServer kafka, IRunningServer mySql) : IAsyncDisposable
{
    /// <summary>The stock.</summary>
    public IRunningServer Redis => redis;

    /// <summary>What carries the messages.</summary>
    public IKafkaServer Kafka => kafka;

    /// <summary>What is persisted.</summary>
    public IRunningServer MySql => mySql;

    /// <summary>Starts all three at the same time. If one does not start, the others are stopped.</summary>
    public static async Task<ServiceServers> StartAsync(LocalMySqlOptions? mySqlOptions = null, CancellationToken cancellationToken = default)
    {
        var redis = StartRedisAsync(cancellationToken);
        var kafka = StartKafkaAsync(cancellationToken);
        var mySql = StartMySqlAsync(mySqlOptions, cancellationToken);
        try
        {
            await Task.WhenAll(redis, kafka, mySql);
        }
        catch
        {
            if (redis.IsCompletedSuccessfully)
                await (await redis).DisposeAsync();
            if (kafka.IsCompletedSuccessfully)
                await (await kafka).DisposeAsync();
            if (mySql.IsCompletedSuccessfully)
                await (await mySql).DisposeAsync();
            throw;
        }

        return new ServiceServers(await redis, await kafka, await mySql);
    }

    /// <summary>Starts or finds Redis.</summary>
    public static async Task<IRunningServer> StartRedisAsync(CancellationToken cancellationToken = default)
    {
        if (GivenServer.Address("COUPON_REDIS") is { } address)
            return new GivenServer("COUPON_REDIS", address);
        if (await DockerEngine.UsableAsync() is { } engine)
            return await ContainerServer.StartRedisAsync(engine, cancellationToken);
        return await LocalRedis.StartAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Starts or finds Kafka.</summary>
    public static async Task<IKafkaServer> StartKafkaAsync(CancellationToken cancellationToken = default)
    {
        if (GivenServer.Address("COUPON_KAFKA") is { } address)
            return new GivenKafka("COUPON_KAFKA", address);
        if (await DockerEngine.UsableAsync() is { } engine)
            return await ContainerServer.StartKafkaAsync(engine, cancellationToken);
        return LocalKafka.IsInstalled
            ? await LocalKafka.StartAsync(cancellationToken: cancellationToken)
            : await MockKafka.StartAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Starts or finds MySQL or MariaDB.</summary>
    public static async Task<IRunningServer> StartMySqlAsync(LocalMySqlOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (GivenServer.Address("COUPON_MYSQL") is { } address)
            return new GivenServer("COUPON_MYSQL", address);
        if (await DockerEngine.UsableAsync() is { } engine)
            return await ContainerServer.StartMySqlAsync(engine, cancellationToken);
        return await LocalMySql.StartAsync(options, cancellationToken);
    }

    /// <summary>Stops what was started.</summary>
    public async ValueTask DisposeAsync()
    {
        await redis.DisposeAsync();
        await kafka.DisposeAsync();
        await mySql.DisposeAsync();
    }
}

using Coupon.LocalServers;

namespace Coupon.Tests.Servers;

/// <summary>A Redis, a Kafka and a MySQL that only one test knows, to be frozen or taken away.</summary>
internal sealed class OwnServers : IAsyncDisposable
{
    private readonly IKafkaServer _kafka;

    private OwnServers(LocalRedis redis, IKafkaServer kafka, LocalMySql mySql, ServiceSettings service) =>
        (Redis, _kafka, MySql, Service) = (redis, kafka, mySql, service);

    public LocalRedis Redis { get; }

    public LocalMySql MySql { get; }

    public ServiceSettings Service { get; }

    public static async Task<OwnServers> StartAsync()
    {
        var (redis, mySql) = (LocalRedis.StartAsync(), LocalMySql.StartAsync());
        var kafka = LocalKafka.IsInstalled ? (IKafkaServer)await LocalKafka.StartAsync() : await MockKafka.StartAsync();
        var service = await ServiceSettings.CreateAsync(await redis, kafka, await TestDatabase.CreateAsync((await mySql).ConnectionString));
        return new OwnServers(await redis, kafka, await mySql, service);
    }

    /// <summary>Connections stay open, nothing answers.</summary>
    public void Freeze(string servers) => Each(servers, server => server.Freeze(), () => ((MockKafka)_kafka).Freeze());

    public void Thaw(string servers) => Each(servers, server => server.Thaw(), () => ((MockKafka)_kafka).Thaw());

    /// <summary>kill −9: connections break, and new ones are refused.</summary>
    public async Task KillAsync(string servers)
    {
        var killed = new List<Task>();
        Each(servers, server => killed.Add(server.KillAsync()), () => killed.Add(((MockKafka)_kafka).KillAsync()));
        await Task.WhenAll(killed);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await _kafka.DisposeAsync();
        await MySql.DisposeAsync();
    }

    private void Each(string servers, Action<LocalServer> change, Action changeMock)
    {
        if (servers.Contains("Redis", StringComparison.Ordinal))
            change(Redis);
        if (servers.Contains("MySQL", StringComparison.Ordinal))
            change(MySql);
        if (!servers.Contains("Kafka", StringComparison.Ordinal))
            return;
        if (_kafka is LocalKafka real)
            change(real);
        else
            changeMock();
    }
}

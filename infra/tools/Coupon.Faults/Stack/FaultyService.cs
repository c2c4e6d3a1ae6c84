using Coupon.Contracts;
using Coupon.Database;
using Coupon.Faults.Protections;
using Coupon.Faults.Schedules;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace Coupon.Faults.Stack;

/// <summary>
/// One run's Redis, database, topics and groups, and two instances of the API and two consumers on them, each with links of its own to its servers.
/// </summary>
internal sealed class FaultyService : IAsyncDisposable
{
    private const int Partitions = 4;

    private readonly Dictionary<(string Process, string Server), TcpProxy> _links;

    private readonly Protection? _without;

    private FaultyService(FaultServers servers, LocalRedis redis, string database, Dictionary<(string, string), TcpProxy> links, Protection? without)
    {
        (Servers, Redis, Database, _links, _without) = (servers, redis, database, links, without);
    }

    public FaultServers Servers { get; }

    public LocalRedis Redis { get; }

    /// <summary>The connection string of the database, without a link.</summary>
    public string Database { get; }

    public string CouponIssuedTopic { get; } = $"{Topics.CouponIssued}-{Guid.NewGuid():N}";

    public string DeadLettersTopic { get; } = $"{Topics.DeadLetters}-{Guid.NewGuid():N}";

    /// <summary>The processes by their names.</summary>
    public IReadOnlyDictionary<string, ServiceProcess> Processes { get; private set; } = new Dictionary<string, ServiceProcess>();

    /// <summary>Processes that may be down: a fault has killed them or restarts them.</summary>
    public ExpectedEnds Ends { get; } = new();

    /// <summary>With everything started, and every process ready.</summary>
    public static async Task<FaultyService> StartAsync(
        FaultServers servers,
        Protection? without,
        HttpClient http,
        string logFolder,
        CancellationToken cancellationToken
    )
    {
        var redis = await LocalRedis.StartAsync(cancellationToken: cancellationToken);
        var database = new MySqlConnectionStringBuilder(servers.MySql.ConnectionString) { Database = $"coupon_{Guid.NewGuid():N}" }.ConnectionString;
        var links = new Dictionary<(string, string), TcpProxy>();
        foreach (var process in Names.Processes)
        {
            links[(process, Names.Redis)] = TcpProxy.To(redis.Port);
            links[(process, Names.MySql)] = TcpProxy.To(servers.MySql.Port);
            if (servers.LinkToKafka(process) is { } toKafka)
                links[(process, Names.Kafka)] = toKafka;
        }

        var service = new FaultyService(servers, redis, database, links, without);
        try
        {
            await service.PrepareAsync(cancellationToken);
            await service.StartProcessesAsync(http, logFolder, cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public TcpProxy Link(FaultTarget target) => _links[(target.Process!, target.Server!)];

    /// <summary>Lets every link pass again, and every process and server go on: what a fault did not end itself.</summary>
    public void MendLinks()
    {
        foreach (var link in _links.Values)
            (link.Mode, link.Delay) = (ProxyMode.Forward, TimeSpan.Zero);
    }

    public async ValueTask DisposeAsync()
    {
        MendLinks();
        await Task.WhenAll(Processes.Values.Select(EndAsync));
        foreach (var ((_, server), link) in _links)
        {
            if (server != Names.Kafka)
                await link.DisposeAsync();
        }

        await Redis.DisposeAsync();
        MySqlConnection.ClearAllPools();
    }

    private static async Task EndAsync(ServiceProcess process)
    {
        if (!process.HasExited)
            await process.KillAsync();
        await process.DisposeAsync();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection().AddCouponDatabase(Database).BuildServiceProvider();
        await using var context = await services.GetRequiredService<IDbContextFactory<CouponDbContext>>().CreateDbContextAsync(cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
        foreach (var statement in _without?.Statements ?? [])
            await context.Database.GetDbConnection().ExecuteAsync(statement);
        await Servers.Kafka.CreateTopicAsync(CouponIssuedTopic, Partitions, cancellationToken);
        await Servers.Kafka.CreateTopicAsync(DeadLettersTopic, 1, cancellationToken);
    }

    private async Task StartProcessesAsync(HttpClient http, string logFolder, CancellationToken cancellationToken)
    {
        var started = new Dictionary<string, ServiceProcess>();
        Processes = started;
        foreach (var name in Names.Processes)
        {
            var project = Names.Apis.Contains(name) ? "Coupon.Api" : "Coupon.Consumers";
            started[name] = await ServiceProcess.StartAsync(project, name, SettingsOf(name), logFolder);
        }

        await Task.WhenAll(started.Values.Select(process => process.WaitUntilReadyAsync(http, cancellationToken)));
    }

    private Dictionary<string, string> SettingsOf(string process)
    {
        var mySql = new MySqlConnectionStringBuilder(Database) { Port = (uint)_links[(process, Names.MySql)].Port };
        return RunSettings.Values.With(
            LoadSettings.OneClientIsEveryUser,
            new Dictionary<string, string>
            {
                ["ConnectionStrings__Redis"] = _links[(process, Names.Redis)].Address,
                ["ConnectionStrings__Kafka"] = Servers.KafkaOf(process),
                ["ConnectionStrings__MySql"] = mySql.ConnectionString,
                ["Topics__CouponIssued"] = CouponIssuedTopic,
                ["Topics__DeadLetters"] = DeadLettersTopic,
                ["ConsumerGroups__Persistence"] = $"{CouponIssuedTopic}-persistence",
                ["ConsumerGroups__DeadLetterLedger"] = $"{CouponIssuedTopic}-ledger",
            },
            _without?.Settings ?? new Dictionary<string, string>()
        );
    }
}

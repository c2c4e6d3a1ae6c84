using System.Collections.Concurrent;
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
/// One more of each may come and go.
/// </summary>
internal sealed class FaultyService : IAsyncDisposable
{
    private const int Partitions = 4;

    private readonly Dictionary<string, TcpProxy> _toMySql;
    private readonly ConcurrentDictionary<string, ServiceProcess> _started = new();
    private readonly ConcurrentDictionary<string, Uri> _doors = new();
    private readonly string _databaseName = $"coupon_{Guid.NewGuid():N}";
    private readonly string _logFolder;
    private readonly HashSet<string> _withClocks;
    private readonly Protection? _without;

    private FaultyService(
        FaultServers servers,
        RedisStack redis,
        Schedule schedule,
        Protection? without,
        string logFolder,
        Dictionary<string, TcpProxy> toMySql
    )
    {
        (Servers, Redis, _without, _logFolder, _toMySql) = (servers, redis, without, logFolder, toMySql);
        _withClocks = schedule.Faults.Where(fault => fault.Kind == FaultKind.WrongClock).Select(fault => fault.Target.Process!).ToHashSet();
        Clocks = new WrongClocks(logFolder);
    }

    public FaultServers Servers { get; }

    public RedisStack Redis { get; }

    /// <summary>The clocks of the processes that the schedule gives wrong ones.</summary>
    public WrongClocks Clocks { get; }

    /// <summary>The connection string of the database, without a link; another one after a failover.</summary>
    public string Database => Servers.MySql.ConnectionTo(_databaseName);

    public string CouponIssuedTopic { get; } = $"{Topics.CouponIssued}-{Guid.NewGuid():N}";

    public string DeadLettersTopic { get; } = $"{Topics.DeadLetters}-{Guid.NewGuid():N}";

    /// <summary>The processes by their names.</summary>
    public IReadOnlyDictionary<string, ServiceProcess> Processes => _started;

    /// <summary>Where users press: the public doors of the instances of the API.</summary>
    public IReadOnlyList<(string Name, Uri Url)> Doors => [.. _doors.Select(door => (door.Key, door.Value)).OrderBy(door => door.Key)];

    /// <summary>Processes that may be down: a fault has killed them or restarts them.</summary>
    public ExpectedEnds Ends { get; } = new();

    /// <summary>With everything started, and every process ready.</summary>
    public static async Task<FaultyService> StartAsync(
        FaultServers servers,
        Schedule schedule,
        Protection? without,
        HttpClient http,
        string logFolder,
        CancellationToken cancellationToken
    )
    {
        var redis = await RedisStack.StartAsync(schedule.Stack, Names.AllProcesses, cancellationToken);
        var links = Names.AllProcesses.ToDictionary(process => process, _ => TcpProxy.To(servers.MySql.Current.Port));
        var service = new FaultyService(servers, redis, schedule, without, logFolder, links);
        try
        {
            await service.PrepareAsync(cancellationToken);
            foreach (var name in Names.Processes)
                await service.StartProcessAsync(name);
            await Task.WhenAll(service.Processes.Values.Select(process => process.WaitUntilReadyAsync(http, cancellationToken)));
            foreach (var api in Names.Apis)
                service.OpenDoor(api);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a process that is not there yet. Does not wait until it is ready.</summary>
    public async Task<ServiceProcess> StartProcessAsync(string name) =>
        _started[name] = await ServiceProcess.StartAsync(Names.IsApi(name) ? "Coupon.Api" : "Coupon.Consumers", name, SettingsOf(name), _logFolder);

    /// <summary>Users press at this instance of the API too.</summary>
    public void OpenDoor(string api) => _doors[api] = Processes[api].Url;

    /// <summary>Users press at this instance no more.</summary>
    public void CloseDoor(string api) => _doors.TryRemove(api, out _);

    /// <summary>The links of a process to a kind of server, or to one of them.</summary>
    public IReadOnlyList<TcpProxy> Links(FaultTarget target) =>
        Names.KindOf(target.Server!) switch
        {
            Names.Redis => Redis.LinksOf(target.Process!, Names.NumberOf(target.Server!)),
            Names.Kafka => Servers.LinksToKafka(target.Process!),
            _ => [_toMySql[target.Process!]],
        };

    /// <summary>Every process finds another MySQL behind its link from now on.</summary>
    public void LeadToCurrentMySql()
    {
        foreach (var link in _toMySql.Values)
            link.LeadTo(Servers.MySql.Current.Port);
    }

    /// <summary>Lets every link pass again: what a fault did not end itself.</summary>
    public void MendLinks()
    {
        foreach (var link in Redis.Links.Concat(_toMySql.Values).Concat(Names.AllProcesses.SelectMany(Servers.LinksToKafka)))
            link.Restore();
    }

    public async ValueTask DisposeAsync()
    {
        MendLinks();
        await Task.WhenAll(Processes.Values.Select(EndAsync));
        foreach (var link in _toMySql.Values)
            await link.DisposeAsync();
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
        await Servers.CreateTopicAsync(CouponIssuedTopic, Partitions, cancellationToken);
        await Servers.CreateTopicAsync(DeadLettersTopic, 1, cancellationToken);
    }

    private Dictionary<string, string> SettingsOf(string process)
    {
        var mySql = new MySqlConnectionStringBuilder(Database) { Port = (uint)_toMySql[process].Port };
        return RunSettings.Values.With(
            LoadSettings.OneClientIsEveryUser,
            new Dictionary<string, string>
            {
                ["ConnectionStrings__Redis"] = Redis.ConnectionOf(process),
                ["ConnectionStrings__Kafka"] = Servers.KafkaOf(process),
                ["ConnectionStrings__MySql"] = mySql.ConnectionString,
                ["Topics__CouponIssued"] = CouponIssuedTopic,
                ["Topics__DeadLetters"] = DeadLettersTopic,
                ["ConsumerGroups__Persistence"] = $"{CouponIssuedTopic}-persistence",
                ["ConsumerGroups__DeadLetterLedger"] = $"{CouponIssuedTopic}-ledger",
            },
            _withClocks.Contains(process) ? Clocks.SettingsOf(process) : LoadSettings.None,
            _without?.Settings ?? LoadSettings.None
        );
    }
}

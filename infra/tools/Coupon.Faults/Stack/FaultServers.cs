using System.Globalization;
using Coupon.Faults.Schedules;
using Coupon.LocalServers;
using MySqlConnector;

namespace Coupon.Faults.Stack;

/// <summary>
/// Kafka and MySQL for one run after another, with a link to each for every process: where a real Kafka is there, each process has a listener of its
/// own, since brokers tell their clients where to connect.
/// </summary>
internal sealed class FaultServers : IAsyncDisposable
{
    private readonly IReadOnlyDictionary<string, TcpProxy> _toKafka;

    private FaultServers(IKafkaServer kafka, LocalMySql mySql, IReadOnlyDictionary<string, TcpProxy> toKafka, bool isMariaDb)
    {
        (Kafka, MySql, _toKafka, IsMariaDb) = (kafka, mySql, toKafka, isMariaDb);
    }

    public IKafkaServer Kafka { get; }

    public LocalMySql MySql { get; }

    /// <summary>The mock cluster names its own port to its clients, so no link can stand in between.</summary>
    public bool HasLinksToKafka => Kafka is LocalKafka;

    public bool IsMariaDb { get; }

    public static async Task<FaultServers> StartAsync(CancellationToken cancellationToken)
    {
        var mySql = LocalMySql.StartAsync(cancellationToken: cancellationToken);
        var (kafka, links) = LocalKafka.IsInstalled
            ? await StartKafkaAsync(cancellationToken)
            : (await MockKafka.StartAsync(cancellationToken: cancellationToken), new Dictionary<string, TcpProxy>());
        var started = await mySql;
        return new FaultServers(kafka, started, links, await IsMariaDbAsync(started, cancellationToken));
    }

    /// <summary>Where a process finds Kafka.</summary>
    public string KafkaOf(string process) => HasLinksToKafka ? _toKafka[process].Address : Kafka.ConnectionString;

    /// <summary>The link of a process to Kafka; null: there is none.</summary>
    public TcpProxy? LinkToKafka(string process) => _toKafka.GetValueOrDefault(process);

    /// <summary>Whether these servers cannot have a fault.</summary>
    public bool IsImpossible(Fault fault) =>
        (fault.Kind == FaultKind.ReadOnlyMySql && IsMariaDb) || (!HasLinksToKafka && fault.Target is { Process: not null, Server: Names.Kafka });

    /// <summary>In words, for people.</summary>
    public string Description => $"{Kafka.Description}; {MySql.Description}; redis-server, private, appendfsync everysec";

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _toKafka.Values)
            await link.DisposeAsync();
        await Kafka.DisposeAsync();
        await MySql.DisposeAsync();
    }

    private static async Task<(IKafkaServer Kafka, IReadOnlyDictionary<string, TcpProxy> Links)> StartKafkaAsync(CancellationToken cancellationToken)
    {
        var listeners = Names.Processes.ToDictionary(process => process, _ => FreePort.Next());
        var links = listeners.ToDictionary(listener => listener.Key, listener => TcpProxy.To(listener.Value));
        var options = new LocalKafkaOptions
        {
            MoreListeners =
            [
                .. listeners.Select(listener => new LocalKafkaListener(Capitals(listener.Key), "PLAINTEXT", listener.Value)
                {
                    AdvertisedPort = links[listener.Key].Port,
                }),
            ],
        };
        return (await LocalKafka.StartAsync(options, cancellationToken), links);
    }

    private static string Capitals(string process) => process.Replace("-", "", StringComparison.Ordinal).ToUpper(CultureInfo.InvariantCulture);

    private static async Task<bool> IsMariaDbAsync(LocalMySql server, CancellationToken cancellationToken)
    {
        await using var connection = new MySqlConnection(server.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
    }
}

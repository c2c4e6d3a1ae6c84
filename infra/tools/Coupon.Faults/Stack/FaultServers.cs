using System.Globalization;
using Coupon.Faults.Schedules;
using Coupon.LocalServers;

namespace Coupon.Faults.Stack;

/// <summary>
/// Kafka and MySQL for one run after another, with links to Kafka for every process: where a real Kafka is there, each process has a listener of its
/// own at each broker, since brokers tell their clients where to connect.
/// </summary>
internal sealed class FaultServers : IAsyncDisposable
{
    private const int Brokers = 3;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly StackKind _stack;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<TcpProxy>> _toKafka;

    private FaultServers(
        StackKind stack,
        IReadOnlyList<IKafkaServer> kafka,
        MySqlServers mySql,
        IReadOnlyDictionary<string, IReadOnlyList<TcpProxy>> toKafka
    )
    {
        (_stack, Kafka, MySql, _toKafka) = (stack, kafka, mySql, toKafka);
    }

    /// <summary>The brokers.</summary>
    public IReadOnlyList<IKafkaServer> Kafka { get; }

    public MySqlServers MySql { get; }

    /// <summary>The mock cluster names its own port to its clients, so no link can stand in between.</summary>
    public bool HasLinksToKafka => Kafka[0] is LocalKafka;

    /// <summary>All brokers, past the links.</summary>
    public string KafkaAddress => string.Join(',', Kafka.Select(broker => broker.ConnectionString));

    /// <summary>Whether this machine has the servers of a stack.</summary>
    public static bool CanStart(StackKind stack) =>
        stack switch
        {
            StackKind.ThreeBrokers => LocalKafka.IsInstalled,
            StackKind.MySqlReplica => MySqlServers.CanReplicate,
            StackKind.SmallDisk => SmallDisk.IsPossible,
            _ => true,
        };

    /// <summary>
    /// Whether one more run can use them, on another stack too: each run has a Redis of its own. A MySQL that was replaced has no replica.
    /// </summary>
    public bool Serve(StackKind stack) => !MySql.HasFailedOver && OfSharedServers(_stack) == OfSharedServers(stack);

    public static async Task<FaultServers> StartAsync(StackKind stack, CancellationToken cancellationToken)
    {
        var mySql = MySqlServers.StartAsync(stack, cancellationToken);
        var (kafka, links) = LocalKafka.IsInstalled
            ? await StartKafkaAsync(stack == StackKind.ThreeBrokers ? Brokers : 1, cancellationToken)
            : ([await MockKafka.StartAsync(cancellationToken: cancellationToken)], new Dictionary<string, IReadOnlyList<TcpProxy>>());
        return new FaultServers(stack, kafka, await mySql, links);
    }

    /// <summary>Where a process finds Kafka.</summary>
    public string KafkaOf(string process) => HasLinksToKafka ? string.Join(',', _toKafka[process].Select(link => link.Address)) : KafkaAddress;

    /// <summary>The links of a process to the brokers; none on the mock cluster.</summary>
    public IReadOnlyList<TcpProxy> LinksToKafka(string process) => _toKafka.GetValueOrDefault(process) ?? [];

    /// <summary>Creates a topic; a broker that was just started again may not be counted yet.</summary>
    public async Task CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await Kafka[0].CreateTopicAsync(topic, partitions, cancellationToken);
                return;
            }
            catch (Confluent.Kafka.Admin.CreateTopicsException) when (TimeProvider.System.GetElapsedTime(began) < _patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <summary>Whether a run on a stack of these servers cannot have a fault.</summary>
    public bool IsImpossible(StackKind stack, Fault fault) =>
        (fault.Kind == FaultKind.ReadOnlyMySql && MySql.IsMariaDb)
        || (fault.Kind == FaultKind.WrongClock && !WrongClocks.ArePossible)
        || (!HasLinksToKafka && (fault.Kind == FaultKind.RefuseTopic || fault.Target is { Process: not null, Server: Names.Kafka }))
        || IsOfAnotherStack(stack, fault.Kind);

    /// <summary>In words, for people.</summary>
    public string Description => $"{Kafka[0].Description}; {MySql.Current.Description}; redis-server, private, appendfsync everysec";

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _toKafka.Values.SelectMany(links => links))
            await link.DisposeAsync();
        foreach (var broker in Kafka)
            await broker.DisposeAsync();
        await MySql.DisposeAsync();
    }

    private static bool IsOfAnotherStack(StackKind stack, FaultKind kind) =>
        kind switch
        {
            FaultKind.FailOverRedis or FaultKind.PromoteReplica => stack is not (StackKind.RedisReplica or StackKind.RedisCluster),
            FaultKind.KillShard => stack != StackKind.RedisCluster,
            FaultKind.FreezeBroker or FaultKind.KillBroker or FaultKind.KillTwoBrokers => stack != StackKind.ThreeBrokers,
            FaultKind.FailOverMySql => stack != StackKind.MySqlReplica,
            FaultKind.FillMySqlDisk => stack != StackKind.SmallDisk,
            _ => false,
        };

    private static StackKind OfSharedServers(StackKind stack) =>
        stack is StackKind.ThreeBrokers or StackKind.MySqlReplica or StackKind.SmallDisk ? stack : StackKind.Alone;

    private static async Task<(IReadOnlyList<IKafkaServer> Kafka, IReadOnlyDictionary<string, IReadOnlyList<TcpProxy>> Links)> StartKafkaAsync(
        int brokers,
        CancellationToken cancellationToken
    )
    {
        var (id, controllers) = (LocalKafka.NewClusterId(), Enumerable.Range(0, brokers).Select(_ => FreePort.Next()).ToArray());
        var links = Names.AllProcesses.ToDictionary(process => process, _ => new List<TcpProxy>());
        var starting = new List<Task<LocalKafka>>();
        for (var broker = 1; broker <= brokers; broker++)
        {
            var listeners = new List<LocalKafkaListener>();
            foreach (var (process, own) in links)
            {
                var port = FreePort.Next();
                own.Add(TcpProxy.To(port));
                listeners.Add(new LocalKafkaListener(Capitals(process), "PLAINTEXT", port) { AdvertisedPort = own[^1].Port });
            }

            var options = new LocalKafkaOptions
            {
                HeapMegabytes = brokers == 1 ? 512 : 320,
                MoreListeners = listeners,
                Node = new LocalKafkaNode(broker, id, controllers),

                // Documented: two of three must have a message.
                Properties = brokers == 1 ? [] : ["min.insync.replicas=2"],
            };
            starting.Add(LocalKafka.StartAsync(options, cancellationToken));
        }

        var started = await Task.WhenAll(starting);
        return (started, links.ToDictionary(link => link.Key, link => (IReadOnlyList<TcpProxy>)link.Value));
    }

    private static string Capitals(string process) => process.Replace("-", "", StringComparison.Ordinal).ToUpper(CultureInfo.InvariantCulture);
}

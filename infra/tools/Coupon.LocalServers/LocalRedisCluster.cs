using System.Globalization;

namespace Coupon.LocalServers;

/// <summary>A private Redis Cluster: some primaries, each with one replica or none.</summary>
public sealed class LocalRedisCluster : IRunningServer
{
    private const int Slots = 16_384;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    // A replica that is not elected gives up after 5 s, without a word (CLUSTER_MF_TIMEOUT in Redis' cluster.h).
    private static readonly TimeSpan _failOverTimeout = TimeSpan.FromSeconds(6);

    // Full coverage is not required: a shard that is away must not stop the others. A replica stays with its primary, so a test knows which is which.
    private static readonly string[] _arguments =
    [
        "--cluster-enabled",
        "yes",
        "--cluster-node-timeout",
        "2000",
        "--cluster-require-full-coverage",
        "no",
        "--cluster-allow-replica-migration",
        "no",
        "--repl-diskless-sync-delay",
        "0",
    ];

    private readonly List<LocalRedis> _primaries = [];
    private readonly List<LocalRedis> _replicas = [];
    private readonly (string Certificate, string Key)? _certificate;
    private readonly Dictionary<LocalRedis, int> _tlsPorts = [];

    private LocalRedisCluster((string Certificate, string Key)? certificate) => _certificate = certificate;

    /// <summary>The servers that were started as primaries, in the order of their slots.</summary>
    public IReadOnlyList<LocalRedis> Primaries => _primaries;

    /// <summary>The servers that were started as their replicas, in the same order; empty where there are none.</summary>
    public IReadOnlyList<LocalRedis> Replicas => _replicas;

    /// <inheritdoc />
    public string ConnectionString => string.Join(',', _primaries.Concat(_replicas).Select(node => node.ConnectionString));

    /// <summary>The same with TLS, where it was started with a certificate.</summary>
    public string TlsAddresses => string.Join(',', _tlsPorts.Values.Select(port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")));

    /// <inheritdoc />
    public string Description =>
        string.Create(CultureInfo.InvariantCulture, $"Redis Cluster, private, {_primaries.Count} primaries, {_replicas.Count} replicas");

    /// <summary>Starts one with the slots divided evenly.</summary>
    /// <param name="primaries">How many primaries.</param>
    /// <param name="withReplicas">Whether each has a replica.</param>
    /// <param name="certificate">Files with a certificate and its key: every server listens with TLS as well.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LocalRedisCluster> StartAsync(
        int primaries = 3,
        bool withReplicas = true,
        (string Certificate, string Key)? certificate = null,
        CancellationToken cancellationToken = default
    )
    {
        var cluster = new LocalRedisCluster(certificate);
        try
        {
            var nodes = await Task.WhenAll(
                Enumerable.Range(0, withReplicas ? 2 * primaries : primaries).Select(_ => cluster.StartNodeAsync(cancellationToken))
            );
            cluster._primaries.AddRange(nodes[..primaries].Select(node => node.Server));
            cluster._replicas.AddRange(nodes[primaries..].Select(node => node.Server));
            for (var i = 0; i < primaries; i++)
            {
                await RedisCli.SendAsync(
                    cluster._primaries[i].Port,
                    "CLUSTER",
                    "ADDSLOTSRANGE",
                    Number(i * Slots / primaries),
                    Number(((i + 1) * Slots / primaries) - 1)
                );

                // Else two primaries could begin with the same epoch, and each failover would have to settle that first.
                await RedisCli.SendAsync(cluster._primaries[i].Port, "CLUSTER", "SET-CONFIG-EPOCH", Number(i + 1));
            }

            foreach (var (server, bus) in nodes[1..])
                await RedisCli.SendAsync(nodes[0].Server.Port, "CLUSTER", "MEET", "127.0.0.1", Number(server.Port), Number(bus));
            await cluster.UntilEachKnowsAsync(nodes.Length, cancellationToken);
            for (var i = 0; i < cluster._replicas.Count; i++)
                await RedisCli.SendAsync(cluster._replicas[i].Port, "CLUSTER", "REPLICATE", await IdOfAsync(cluster._primaries[i]));
            foreach (var replica in cluster._replicas)
                await UntilAsync(() => IsInStepAsync(replica), "a replica follows", cancellationToken);
            foreach (var node in nodes)
                await UntilAsync(() => SaysAsync(node.Server, "cluster_state:ok", "CLUSTER", "INFO"), "the cluster is up", cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The name that a server has in the cluster.</summary>
    public static async Task<string> IdOfAsync(LocalRedis node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return (await RedisCli.SendAsync(node.Port, "CLUSTER", "MYID")).Trim();
    }

    /// <summary>Adds a primary without slots.</summary>
    public async Task<LocalRedis> AddPrimaryAsync(CancellationToken cancellationToken = default)
    {
        var (server, bus) = await StartNodeAsync(cancellationToken);
        var before = _primaries[0];
        _primaries.Add(server);
        await RedisCli.SendAsync(before.Port, "CLUSTER", "MEET", "127.0.0.1", Number(server.Port), Number(bus));
        await UntilEachKnowsAsync(_primaries.Count + _replicas.Count, cancellationToken);
        await UntilAsync(
            () => SaysAsync(server, "cluster_state:ok", "CLUSTER", "INFO"),
            "the new primary is a part of the cluster",
            cancellationToken
        );
        return server;
    }

    /// <summary>Divides the slots evenly, as an operator does it.</summary>
    public Task RebalanceAsync() =>
        RedisCli.RunAsync("--cluster", "rebalance", _primaries[0].ConnectionString, "--cluster-use-empty-masters", "--cluster-yes");

    /// <summary>Says of one slot that it is on its way: what an operator's reshard does first, and leaves behind where it dies.</summary>
    public static async Task BeginMigrationAsync(int slot, LocalRedis from, LocalRedis to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        await RedisCli.SendAsync(to.Port, "CLUSTER", "SETSLOT", Number(slot), "IMPORTING", await IdOfAsync(from));
        await RedisCli.SendAsync(from.Port, "CLUSTER", "SETSLOT", Number(slot), "MIGRATING", await IdOfAsync(to));
    }

    /// <summary>Moves the keys of a slot, all at once, as redis-cli does with up to ten.</summary>
    public async Task MoveKeysAsync(int slot, LocalRedis from, LocalRedis to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var keys = (await RedisCli.SendAsync(from.Port, "CLUSTER", "GETKEYSINSLOT", Number(slot), "100")).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        if (keys.Length > 0)
            await RedisCli.SendAsync(
                from.Port,
                ["MIGRATE", "127.0.0.1", Number(_tlsPorts.GetValueOrDefault(to, to.Port)), "", "0", "5000", "KEYS", .. keys]
            );
    }

    /// <summary>Ends the migration of a slot: everybody knows its new primary.</summary>
    public async Task EndMigrationAsync(int slot, LocalRedis to)
    {
        ArgumentNullException.ThrowIfNull(to);
        var id = await IdOfAsync(to);
        foreach (var primary in _primaries.Where(primary => primary != to).Prepend(to))
            await RedisCli.SendAsync(primary.Port, "CLUSTER", "SETSLOT", Number(slot), "NODE", id);
    }

    /// <summary>Has a replica take over from its primary while both live, as an operator does (CLUSTER FAILOVER), and waits until it has.</summary>
    public static async Task FailOverAsync(LocalRedis replica, CancellationToken cancellationToken = default)
    {
        await UntilAsync(() => IsInStepAsync(replica), "it is in step", cancellationToken);
        long? asked = null;
        await UntilAsync(
            async () =>
            {
                if (await IsPrimaryAsync(replica))
                    return true;
                if (asked is null || TimeProvider.System.GetElapsedTime(asked.Value) > _failOverTimeout)
                {
                    await RedisCli.SendAsync(replica.Port, "CLUSTER", "FAILOVER");
                    asked = TimeProvider.System.GetTimestamp();
                }

                return false;
            },
            "it has taken over",
            cancellationToken
        );
    }

    /// <summary>Waits until a server says of itself that it is a primary.</summary>
    public static Task UntilPrimaryAsync(LocalRedis node, CancellationToken cancellationToken = default) =>
        UntilAsync(() => IsPrimaryAsync(node), "it is promoted", cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _primaries.Concat(_replicas))
            await node.DisposeAsync();
    }

    private static Task<bool> IsPrimaryAsync(LocalRedis node) => SaysAsync(node, "role:master", "INFO", "replication");

    private static Task<bool> IsInStepAsync(LocalRedis replica) => SaysAsync(replica, "master_link_status:up", "INFO", "replication");

    private async Task<(LocalRedis Server, int Bus)> StartNodeAsync(CancellationToken cancellationToken)
    {
        var bus = FreePort.Next();
        var tls = FreePort.Next();
        string[] arguments = [.. _arguments, "--cluster-port", Number(bus), .. TlsArguments(tls)];
        var server = await LocalRedis.StartAsync(new LocalRedisOptions { Arguments = arguments }, cancellationToken);
        if (_certificate is not null)
        {
            lock (_tlsPorts)
                _tlsPorts.Add(server, tls);
        }

        return (server, bus);
    }

    // A cluster tells its clients the ports with TLS only where its servers talk to each other with TLS (redis.conf, tls-cluster).
    private string[] TlsArguments(int port) =>
        _certificate is { } files
            ?
            [
                "--tls-port",
                Number(port),
                "--tls-cert-file",
                files.Certificate,
                "--tls-key-file",
                files.Key,
                "--tls-ca-cert-file",
                files.Certificate,
                "--tls-auth-clients",
                "no",
                "--tls-cluster",
                "yes",
                "--tls-replication",
                "yes",
            ]
            : [];

    private async Task UntilEachKnowsAsync(int count, CancellationToken cancellationToken)
    {
        foreach (var node in _primaries.Concat(_replicas))
        {
            await UntilAsync(
                () => SaysAsync(node, string.Create(CultureInfo.InvariantCulture, $"cluster_known_nodes:{count}"), "CLUSTER", "INFO"),
                "every node knows every other",
                cancellationToken
            );
        }
    }

    private static async Task<bool> SaysAsync(LocalRedis node, string what, params string[] command) =>
        (await RedisCli.SendAsync(node.Port, command)).Contains(what, StringComparison.Ordinal);

    private static async Task UntilAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > _patience)
                throw new InvalidOperationException($"Not within {_patience}: {what}.");
            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Coupon.Faults.Schedules;
using Coupon.LocalServers;

namespace Coupon.Faults.Stack;

/// <summary>
/// The Redis of one run: alone, with a replica, or a cluster. Each process has a link to each server. Of a cluster, only the shard of the coupon that
/// is sold is spoken of.
/// </summary>
internal sealed class RedisStack : IAsyncDisposable
{
    private const int Slots = 16_384;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly IReadOnlyList<LocalRedis> _nodes;
    private readonly LocalRedisCluster? _cluster;
    private readonly Dictionary<string, IReadOnlyList<TcpProxy>> _links = [];
    private readonly Dictionary<string, HttpTunnel> _tunnels = [];

    // In front of each of a pair, for the other one: what a replica has not received can be held back.
    private readonly Dictionary<LocalRedis, TcpProxy> _replication = [];

    private (LocalRedis First, LocalRedis? Second) _shard;
    private LocalRedis _primary;

    private RedisStack(IReadOnlyList<LocalRedis> nodes, LocalRedisCluster? cluster)
    {
        (_nodes, _cluster, _primary) = (nodes, cluster, nodes[0]);
        _shard = (nodes[0], cluster is null && nodes.Count == 2 ? nodes[1] : null);
    }

    /// <summary>The server that was seen or made the primary of the coupon last.</summary>
    public LocalRedis Primary => _primary;

    /// <summary>The links of all processes.</summary>
    public IEnumerable<TcpProxy> Links => _links.Values.SelectMany(links => links);

    /// <summary>The other server of the coupon's shard; null: there is none.</summary>
    public LocalRedis? Other => _primary == _shard.First ? _shard.Second : _shard.First;

    /// <summary>Starts it, with links for some processes.</summary>
    public static async Task<RedisStack> StartAsync(StackKind stack, IEnumerable<string> processes, CancellationToken cancellationToken)
    {
        var redis = stack switch
        {
            StackKind.RedisCluster => OfCluster(await LocalRedisCluster.StartAsync(cancellationToken: cancellationToken)),
            StackKind.RedisReplica => await PairAsync(cancellationToken),
            _ => new RedisStack([await LocalRedis.StartAsync(cancellationToken: cancellationToken)], null),
        };
        foreach (var process in processes)
        {
            redis._links[process] = [.. redis._nodes.Select(node => TcpProxy.To(node.Port))];
            if (redis._cluster is not null)
                redis._tunnels[process] = new HttpTunnel(
                    redis._nodes.Zip(redis._links[process]).ToDictionary(pair => pair.First.Port, pair => pair.Second)
                );
        }

        return redis;
    }

    /// <summary>What a process is told of Redis.</summary>
    public string ConnectionOf(string process) =>
        _tunnels.TryGetValue(process, out var tunnel)
            ? $"{string.Join(',', _nodes.Select(node => node.ConnectionString))},tunnel=http:{tunnel.Address}"
            : string.Join(',', _links[process].Select(link => link.Address));

    /// <summary>The links of a process to all servers, or to the one with a number.</summary>
    public IReadOnlyList<TcpProxy> LinksOf(string process, int? number) => number is { } one ? [_links[process][one - 1]] : _links[process];

    /// <summary>From now on the shard of this coupon is spoken of.</summary>
    public async Task AimAtAsync(long couponId)
    {
        if (_cluster is null)
            return;
        var slot = int.Parse(
            await RedisCli.SendAsync(_nodes[0].Port, "CLUSTER", "KEYSLOT", string.Create(CultureInfo.InvariantCulture, $"{{c{couponId}}}")),
            CultureInfo.InvariantCulture
        );
        var shard = Enumerable
            .Range(0, _cluster.Primaries.Count)
            .Single(index => slot >= index * Slots / _cluster.Primaries.Count && slot < (index + 1) * Slots / _cluster.Primaries.Count);
        _shard = (_cluster.Primaries[shard], _cluster.Replicas[shard]);
        _primary = _shard.First;
    }

    /// <summary>Looks which server is the primary: in a cluster the servers themselves may have changed it. None may be frozen or dead.</summary>
    public async Task<LocalRedis> FindPrimaryAsync()
    {
        if (_cluster is not null && Other is { } other && !await IsPrimaryAsync(_primary) && await IsPrimaryAsync(other))
            _primary = other;
        return _primary;
    }

    /// <summary>Holds back what the primary of a pair sends to its replica, or no longer.</summary>
    public void HoldReplication(bool isHeld)
    {
        foreach (var link in _replication.Values)
            link.Mode = isHeld ? ProxyMode.Blackhole : ProxyMode.Forward;
    }

    /// <summary>Makes the other server the primary, whatever the one before does.</summary>
    public async Task PromoteOtherAsync(CancellationToken cancellationToken)
    {
        var promoted = Other ?? throw new InvalidOperationException("This Redis has no replica.");
        string[] command = _cluster is null ? ["REPLICAOF", "NO", "ONE"] : ["CLUSTER", "FAILOVER", "TAKEOVER"];
        await RedisCli.SendAsync(promoted.Port, command);
        await LocalRedisCluster.UntilPrimaryAsync(promoted, cancellationToken);
        _primary = promoted;
    }

    /// <summary>Has the other server follow the primary, as whoever watches over them does. The servers of a cluster do it by themselves.</summary>
    public async Task DemoteOtherAsync(CancellationToken cancellationToken)
    {
        if (_cluster is null && Other is { } other)
            await FollowAsync(other, _primary);
        await InStepAsync(cancellationToken);
    }

    /// <summary>Waits until the shard has one primary and a replica in step with it, or gives up after some time.</summary>
    public async Task InStepAsync(CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Other is not null && TimeProvider.System.GetElapsedTime(began) < _patience)
        {
            await FindPrimaryAsync();
            if (await SaysAsync(Other, "master_link_status:up"))
                return;
            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var tunnel in _tunnels.Values)
            await tunnel.DisposeAsync();
        foreach (var link in Links.Concat(_replication.Values))
            await link.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        else
            await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
    }

    private static RedisStack OfCluster(LocalRedisCluster cluster) => new([.. cluster.Primaries, .. cluster.Replicas], cluster);

    // The replica is told at run time whom to follow, so that a start after a promotion does not make it follow again.
    private static async Task<RedisStack> PairAsync(CancellationToken cancellationToken)
    {
        var nodes = await Task.WhenAll(
            LocalRedis.StartAsync(cancellationToken: cancellationToken),
            LocalRedis.StartAsync(cancellationToken: cancellationToken)
        );
        var pair = new RedisStack(nodes, null);
        foreach (var node in nodes)
            pair._replication[node] = TcpProxy.To(node.Port);
        await pair.FollowAsync(nodes[1], nodes[0]);
        await pair.InStepAsync(cancellationToken);
        return pair;
    }

    private Task<string> FollowAsync(LocalRedis replica, LocalRedis primary) =>
        RedisCli.SendAsync(replica.Port, "REPLICAOF", "127.0.0.1", _replication[primary].Port.ToString(CultureInfo.InvariantCulture));

    private static Task<bool> IsPrimaryAsync(LocalRedis node) => SaysAsync(node, "role:master");

    private static async Task<bool> SaysAsync(LocalRedis node, string words) =>
        (await RedisCli.SendAsync(node.Port, "INFO", "replication")).Contains(words, StringComparison.Ordinal);
}

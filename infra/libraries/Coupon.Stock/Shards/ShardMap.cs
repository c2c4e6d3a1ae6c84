using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Coupon.Stock.Shards;

/// <summary>
/// Which shards a Redis has at the moment, as their primaries say. There is one map for each connection. A map that is out of date does no harm: a
/// state says in which shard it was verified, and the scripts decide nothing from one of another shard.
/// </summary>
public sealed class ShardMap
{
    private static readonly ConditionalWeakTable<IConnectionMultiplexer, ShardMap> _maps = [];

    /// <summary>How long a reading is used by those that need not know better.</summary>
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(1);

    /// <summary>A primary that takes longer is left out of a reading.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(500);

    private static readonly IReadOnlyList<Shard> _whole = [Shard.Whole];

    private readonly IConnectionMultiplexer _redis;
    private volatile Reading? _last;

    private ShardMap(IConnectionMultiplexer redis) => _redis = redis;

    /// <summary>The map of a connection.</summary>
    public static ShardMap Of(IConnectionMultiplexer redis) => _maps.GetValue(redis, connection => new ShardMap(connection));

    /// <summary>Whether a server has said that it is a node of a cluster. Asks nobody.</summary>
    public bool IsCluster
    {
        get
        {
            foreach (var server in _redis.GetServers())
            {
                if (server.ServerType == ServerType.Cluster)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Asks the primaries which shards they are. Those that do not answer are left out.</summary>
    public async Task<IReadOnlyList<Shard>> ReadAsync()
    {
        if (!IsCluster)
            return _whole;
        var primaries = _redis.GetServers().Where(server => server is { IsConnected: true, IsReplica: false, ServerType: ServerType.Cluster });
        var owned = await Task.WhenAll(primaries.Select(OwnedByAsync));

        // Of two primaries that claim the same slots, one was replaced and does not know it. Calls go to the one that the client has found; both
        // have the same name here.
        var shards = owned
            .OfType<SlotSet>()
            .Select(Shard.Of)
            .DistinctBy(shard => shard.Name)
            .OrderBy(shard => shard.Name, StringComparer.Ordinal)
            .ToList();
        _last = new Reading(TimeProvider.System.GetTimestamp(), shards);
        return shards;
    }

    /// <summary>The shards as they were a second ago or later.</summary>
    public async ValueTask<IReadOnlyList<Shard>> RecentAsync()
    {
        if (!IsCluster)
            return _whole;
        return _last is { } last && TimeProvider.System.GetElapsedTime(last.At) < _fresh ? last.Shards : await ReadAsync();
    }

    /// <summary>The shard that a coupon is in.</summary>
    /// <exception cref="RedisConnectionException">It is in none that answers.</exception>
    public async ValueTask<Shard> OfAsync(long couponId)
    {
        foreach (var shard in await RecentAsync())
        {
            if (shard.Covers(couponId))
                return shard;
        }

        throw Away($"the shard of coupon {couponId}");
    }

    /// <summary>Every shard.</summary>
    /// <exception cref="RedisConnectionException">Not every slot has a primary that answers.</exception>
    public async Task<IReadOnlyList<Shard>> RequireAllAsync()
    {
        var shards = await ReadAsync();
        if (shards is not [{ Slots: null }] && Enumerable.Range(0, HashSlot.Count).Any(slot => !shards.Any(shard => shard.Slots!.Contains(slot))))
            throw Away("a shard of the cluster");
        return shards;
    }

    private static RedisConnectionException Away(string what) =>
        new(ConnectionFailureType.UnableToConnect, CommandFlags.None, $"No primary answers for {what}.", null, CommandStatus.Unknown);

    // The primary itself: a view of others may be older.
    private static async Task<SlotSet?> OwnedByAsync(IServer primary)
    {
        try
        {
            var view = await primary.ClusterNodesAsync().WaitAsync(_patience, TimeProvider.System);
            var own = view?.Nodes.FirstOrDefault(node => node.IsMyself);
            return own is { IsReplica: false, Slots.Count: > 0 } ? new SlotSet(own.Slots.Select(range => (range.From, range.To))) : null;
        }
        catch (Exception exception) when (exception is RedisException or RedisTimeoutException or RedisCommandException or TimeoutException)
        {
            return null;
        }
    }

    private sealed record Reading(long At, IReadOnlyList<Shard> Shards);
}

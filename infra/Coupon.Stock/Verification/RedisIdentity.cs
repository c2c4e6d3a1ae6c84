using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// Which Redis this is: the processes that answer as primaries, and the histories that they continue. The process changes with a restart, the
/// history with a failover; while both are the same, nothing can have been forgotten but by a flush.
/// </summary>
/// <param name="Processes">The run ids of the primaries.</param>
/// <param name="Histories">The replication ids of the primaries.</param>
internal sealed record RedisIdentity(string Processes, string Histories)
{
    /// <summary>The primaries that are connected.</summary>
    /// <exception cref="RedisException">None is.</exception>
    public static IReadOnlyList<IServer> Primaries(IConnectionMultiplexer redis)
    {
        var primaries = redis.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }).ToList();
        return primaries.Count > 0 ? primaries : throw new RedisException("No Redis primary answers.");
    }

    /// <summary>Asks all primaries.</summary>
    public static async Task<RedisIdentity> ReadAsync(IConnectionMultiplexer redis)
    {
        var processes = new SortedSet<string>(StringComparer.Ordinal);
        var histories = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var primary in Primaries(redis))
        {
            var info = (await primary.InfoAsync().ConfigureAwait(false)).SelectMany(section => section).ToLookup(pair => pair.Key, pair => pair.Value);
            processes.Add(info["run_id"].Single());
            histories.Add(info["master_replid"].Single());
        }

        return new RedisIdentity(string.Join(' ', processes), string.Join(' ', histories));
    }
}

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Coupon.Stock.Redis;

/// <summary>
/// Which Redis this is: the processes that answer as primaries, and the histories that they continue. The process changes with a restart, the
/// history with a failover; while both are the same, nothing can have been forgotten but by a flush.
/// </summary>
/// <param name="Processes">The run ids of the primaries.</param>
/// <param name="Histories">The replication ids of the primaries.</param>
internal sealed record RedisIdentity(string Processes, string Histories)
{
    private const int OldestMajor = 7;

    /// <summary>The same in at most 100 characters: run id and replication id of the one primary, or a hash where there are several.</summary>
    public string Name =>
        Processes.Contains(' ', StringComparison.Ordinal)
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Processes}/{Histories}")))
            : $"{Processes}/{Histories}";

    /// <summary>The primaries that hold coupons: all of a cluster, else the one that serves the writes.</summary>
    /// <exception cref="RedisException">None is connected.</exception>
    public static async Task<IReadOnlyList<IServer>> PrimariesAsync(IConnectionMultiplexer redis)
    {
        var cluster = redis.GetServers().Where(server => server is { IsConnected: true, IsReplica: false, ServerType: ServerType.Cluster }).ToList();
        if (cluster.Count > 0)
            return cluster;
        return [redis.GetServer(await ServingAsync(redis))];
    }

    /// <summary>Asks all primaries.</summary>
    public static async Task<RedisIdentity> ReadAsync(IConnectionMultiplexer redis) => (await ReadAsync(redis, TimeSpan.MaxValue)).Identity;

    /// <summary>Asks all primaries, and how many replicas they have that were in step within some time.</summary>
    public static async Task<(RedisIdentity Identity, int Replicas)> ReadAsync(IConnectionMultiplexer redis, TimeSpan mostLag)
    {
        var replicas = 0;
        var processes = new SortedSet<string>(StringComparer.Ordinal);
        var histories = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var primary in await PrimariesAsync(redis))
        {
            // By a script: the client gives INFO itself to administrators only, and not every program that asks is one.
            var info = (string)(await primary.ExecuteAsync("EVAL", "return redis.call('INFO')", 0))!;
            RequireSupported(Field(info, "redis_version"));
            processes.Add(Field(info, "run_id"));
            histories.Add(Field(info, "master_replid"));
            replicas += info.Split('\n').Count(line => IsReplicaInStep(line, mostLag));
        }

        return (new RedisIdentity(string.Join(' ', processes), string.Join(' ', histories)), replicas);
    }

    /// <summary>
    /// Redis 6 and before write the script cache into the snapshot: it comes back with a restart, and a replica gets it from its primary.
    /// </summary>
    /// <exception cref="NotSupportedException">
    /// It is too old: the missing script, by which a Redis that forgot something is recognised, would not be missing.
    /// </exception>
    internal static void RequireSupported(string version)
    {
        if (Version.TryParse(version, out var found) && found.Major < OldestMajor)
            throw new NotSupportedException(
                $"Redis {version} hands its scripts on to replicas and restarts, so what it forgot could not be noticed. "
                    + $"Redis {OldestMajor} or later is needed; nothing is sold."
            );
    }

    private static async Task<EndPoint> ServingAsync(IConnectionMultiplexer redis)
    {
        try
        {
            return await redis.GetDatabase().IdentifyEndpointAsync(CouponKeys.Verified, CommandFlags.DemandMaster)
                ?? throw new RedisException("No Redis primary answers.");
        }
        catch (RedisConnectionException) when (redis.GetServers().FirstOrDefault(IsReplica) is { } replica)
        {
            // The client says only that it knows none. An operator has to know that the server is there, and takes no writes.
            throw new RedisException($"No Redis primary answers: {replica.EndPoint} is a replica (READONLY).");
        }
    }

    private static bool IsReplica(IServer server) => server is { IsConnected: true, IsReplica: true };

    // slave0:ip=10.0.0.2,port=6379,state=online,offset=1234,lag=1 (redis.io, INFO): lag is the whole seconds since the replica was last heard of.
    private static bool IsReplicaInStep(string line, TimeSpan mostLag) =>
        line.StartsWith("slave", StringComparison.Ordinal)
        && line.Contains(",state=online,", StringComparison.Ordinal)
        && line.IndexOf(",lag=", StringComparison.Ordinal) is var at and > 0
        && long.TryParse(line.AsSpan(at + 5).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var lag)
        && lag <= mostLag.TotalSeconds;

    private static string Field(string info, string name) =>
        info.Split('\n').Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal))[(name.Length + 1)..].Trim();
}

using System.Globalization;
using System.Net;
using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Stock.Redis;

/// <summary>
/// Which Redis a shard is in: the process that answers as its primary, and the history that it continues. The process changes with a restart, the
/// history with a failover; while both are the same, nothing can have been forgotten but by a flush.
/// </summary>
/// <param name="Process">The run id of the primary.</param>
/// <param name="History">The replication id of the primary.</param>
internal sealed record RedisIdentity(string Process, string History)
{
    private const int OldestMajor = 7;

    /// <summary>Both, in at most 100 characters.</summary>
    public string Name => $"{Process}/{History}";

    /// <summary>The primary that serves the writes of a shard.</summary>
    /// <exception cref="RedisException">None is connected.</exception>
    public static async Task<IServer> PrimaryAsync(IConnectionMultiplexer redis, Shard shard)
    {
        var primary = redis.GetServer(await ServingAsync(redis, shard));

        // The client knows what a server is once it is connected.
        return (primary.ServerType == ServerType.Cluster) == (shard.Slots is not null)
            ? primary
            : throw new RedisException("It is not known yet whether Redis is a cluster.");
    }

    /// <summary>Asks the primary.</summary>
    public static async Task<RedisIdentity> ReadAsync(IConnectionMultiplexer redis, Shard shard) =>
        (await ReadAsync(redis, shard, TimeSpan.MaxValue)).Identity;

    /// <summary>Asks the primary, and how many replicas it has that were in step within some time.</summary>
    public static async Task<(RedisIdentity Identity, int Replicas)> ReadAsync(IConnectionMultiplexer redis, Shard shard, TimeSpan mostLag)
    {
        // By a script: the client gives INFO itself to administrators only, and not every program that asks is one.
        var info = (string)(await (await PrimaryAsync(redis, shard)).ExecuteAsync("EVAL", "return redis.call('INFO')", 0))!;
        RequireSupported(Field(info, "redis_version"));
        var replicas = info.Split('\n').Count(line => IsReplicaInStep(line, mostLag));
        return (new RedisIdentity(Field(info, "run_id"), Field(info, "master_replid")), replicas);
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

    private static async Task<EndPoint> ServingAsync(IConnectionMultiplexer redis, Shard shard)
    {
        try
        {
            return await redis.GetDatabase().IdentifyEndpointAsync(shard.Keys.Verified, CommandFlags.DemandMaster)
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

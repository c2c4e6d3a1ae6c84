using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>Whether the stock is in one Redis or in the shards of a Redis Cluster.</summary>
public static class RedisShape
{
    /// <summary>Whether any server has said that it is a node of a cluster. Asks nobody.</summary>
    public static bool IsCluster(IConnectionMultiplexer redis)
    {
        ArgumentNullException.ThrowIfNull(redis);
        foreach (var server in redis.GetServers())
        {
            if (server.ServerType == ServerType.Cluster)
                return true;
        }

        return false;
    }
}

namespace Coupon.Faults.Schedules;

/// <summary>The servers of a run.</summary>
internal enum StackKind
{
    /// <summary>One Redis, one broker, one MySQL.</summary>
    Alone,

    /// <summary>A Redis with a replica, which can be promoted.</summary>
    RedisReplica,

    /// <summary>A Redis Cluster of three primaries, each with a replica.</summary>
    RedisCluster,

    /// <summary>Three brokers, two of which must have a message.</summary>
    ThreeBrokers,

    /// <summary>A MySQL with a replica that lags, and can be promoted.</summary>
    MySqlReplica,

    /// <summary>A MySQL with a disk of its own, which can be full.</summary>
    SmallDisk,
}

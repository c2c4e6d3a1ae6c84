using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>
/// Tells the failures of Redis from those of this code. The client's exceptions have no common base: a time-out is a <see cref="TimeoutException"/>,
/// and a write that only meets a replica, as in a failover, may be a <see cref="RedisCommandException"/>, which is a bare <see cref="Exception"/>.
/// </summary>
public static class RedisFailure
{
    /// <summary>Whether Redis is away, late, or refuses to serve; what was asked of it may have happened or not.</summary>
    public static bool Is(Exception? exception) => exception is RedisException or RedisTimeoutException or RedisCommandException;

    /// <summary>Whether Redis did not answer. Otherwise it answered with an error about the command, and the next command may succeed.</summary>
    public static bool IsAway(Exception? exception) => exception is RedisConnectionException or RedisTimeoutException or RedisCommandException;

    /// <summary>
    /// Whether keys of one slot are on their way to another shard, some of them have arrived, and so nothing was done. That takes some milliseconds
    /// (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#multi-keys-operations).
    /// </summary>
    public static bool IsSlotMoving(RedisServerException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Message.StartsWith("TRYAGAIN", StringComparison.Ordinal);
    }
}

using System.Globalization;
using StackExchange.Redis;

namespace Coupon.Stock.Redis;

/// <summary>
/// Keeps or gives up a lock that <see cref="IDatabaseAsync.LockTakeAsync"/> has taken. The client's own calls for that are transactions
/// (WATCH, MULTI), which a cluster does not send on: after a failover, as long as the client takes the former primary for the primary, they answer
/// that the lock is somebody else's. A script is sent on. It goes as EVAL, since a server that was just promoted does not know its hash.
/// </summary>
public static class RedisLock
{
    private static readonly StockScript _hold = StockScript.Embedded(typeof(RedisLock).Assembly, "hold-lock.lua");

    /// <summary>Keeps it for so long from now on.</summary>
    /// <param name="database">Where it is.</param>
    /// <param name="key">The lock.</param>
    /// <param name="owner">The value with which it was taken.</param>
    /// <param name="time">At least a millisecond.</param>
    /// <returns>False: it has ended, or is another owner's.</returns>
    public static Task<bool> ExtendAsync(IDatabase database, RedisKey key, RedisValue owner, TimeSpan time) => HoldAsync(database, key, owner, time);

    /// <summary>Gives it up, unless it is another owner's by now. Where Redis does not answer, it ends by itself.</summary>
    /// <param name="database">Where it is.</param>
    /// <param name="key">The lock.</param>
    /// <param name="owner">The value with which it was taken.</param>
    public static async Task ReleaseAsync(IDatabase database, RedisKey key, RedisValue owner)
    {
        try
        {
            await HoldAsync(database, key, owner, TimeSpan.Zero);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // It ends by itself.
        }
    }

    private static async Task<bool> HoldAsync(IDatabase database, RedisKey key, RedisValue owner, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(database);
        var milliseconds = ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return (bool)await database.ExecuteAsync("EVAL", _hold.Text, 1, key, (string)owner!, milliseconds);
    }
}

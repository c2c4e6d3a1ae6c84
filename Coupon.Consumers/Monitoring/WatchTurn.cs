using System.Text.Json;
using Coupon.Stock;
using Coupon.Stock.Redis;
using StackExchange.Redis;

namespace Coupon.Consumers.Monitoring;

/// <summary>
/// Lets one instance watch at a time what all would see alike, so that the servers are asked as often with ten instances as with one. The turn is a
/// key in Redis that expires when its holder dies or is cut off. Where Redis cannot say whose turn it is, each instance watches for itself.
/// </summary>
/// <param name="redis">Where the turn is kept.</param>
/// <param name="name">What is watched.</param>
/// <param name="interval">The time between two looks. A turn lasts for two of them, so a gap after a death is no longer.</param>
internal sealed class WatchTurn(IConnectionMultiplexer redis, string name, TimeSpan interval)
{
    private readonly RedisKey _turn = $"stock:watch:{name}";
    private readonly RedisKey _seen = $"stock:watch:{name}:seen";
    private readonly RedisValue _owner = Guid.NewGuid().ToString("N");
    private readonly TimeSpan _lasts = 2 * interval;
    private bool _isOurs;

    /// <summary>Takes the turn, or keeps it.</summary>
    /// <returns>False: another instance watches.</returns>
    public async Task<bool> TryTakeAsync()
    {
        try
        {
            var database = redis.GetDatabase();
            _isOurs = await RedisLock.ExtendAsync(database, _turn, _owner, _lasts) || await database.LockTakeAsync(_turn, _owner, _lasts);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            _isOurs = true;
        }

        return _isOurs;
    }

    /// <summary>Leaves what was seen to the other instances.</summary>
    public async Task ShareAsync<T>(T seen)
    {
        try
        {
            await redis.GetDatabase().StringSetAsync(_seen, JsonSerializer.SerializeToUtf8Bytes(seen), _lasts);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // They do without.
        }
    }

    /// <summary>What the instance whose turn it is has seen last; null: nothing lately.</summary>
    public async Task<T?> SharedAsync<T>()
        where T : class
    {
        try
        {
            var seen = await redis.GetDatabase().StringGetAsync(_seen);
            return seen.IsNull ? null : JsonSerializer.Deserialize<T>((byte[])seen!);
        }
        catch (Exception exception) when (RedisFailure.Is(exception) || exception is JsonException)
        {
            // A JsonException: during a rollout, from a version whose figures this one does not know.
            return null;
        }
    }

    /// <summary>Gives up the turn where it is ours, so that another instance need not wait for its end.</summary>
    public async Task ReleaseAsync()
    {
        // A host may be stopped twice, the second time without a connection to Redis.
        if (!_isOurs)
            return;
        _isOurs = false;
        await RedisLock.ReleaseAsync(redis.GetDatabase(), _turn, _owner);
    }
}

using StackExchange.Redis;

namespace Coupon.Stock.MySql;

/// <summary>The record in Redis of the accepted database and of doubts about it, for processes that have just started.</summary>
internal sealed class DatabaseRecord(IConnectionMultiplexer redis)
{
    private static readonly StockScript _remember = StockScript.Embedded(typeof(DatabaseRecord).Assembly, "remember-database.lua");

    /// <summary>What is remembered; null: nothing, or Redis is away.</summary>
    public async Task<RememberedDatabase?> ReadAsync()
    {
        try
        {
            var fields = await redis.GetDatabase().HashGetAsync(CouponKeys.Database, ["epoch", "server", "mark", "gtids", "started"]);
            return fields[0].IsNull
                ? null
                : new((long)fields[0], (string?)fields[1] ?? "", (long)fields[2], (string?)fields[3] ?? "", (long)fields[4]);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            return null;
        }
    }

    /// <summary>Remembers it. While Redis is away only the process does.</summary>
    public Task WriteAsync(RememberedDatabase seen) =>
        TryAsync(() =>
            redis
                .GetDatabase()
                .ScriptEvaluateAsync(_remember.Text, [CouponKeys.Database], [seen.Epoch, seen.Server, seen.Mark, seen.Gtids, seen.StartedAt])
        );

    /// <summary>Has everything verified: every instance that issues sees it with its next look.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="isNew">It was seen just now, so a running verification does not answer it; false: only where there is no doubt yet.</param>
    public Task DoubtAsync(string reason, bool isNew) =>
        TryAsync(() =>
            redis.GetDatabase().StringSetAsync(CouponKeys.Doubted, $"{Guid.NewGuid()} {reason}", when: isNew ? When.Always : When.NotExists)
        );

    private static async Task TryAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // The next look tries again.
        }
    }
}

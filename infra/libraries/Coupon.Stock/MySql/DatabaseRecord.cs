using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Stock.MySql;

/// <summary>
/// The record in Redis of the accepted database and of doubts about it, for processes that have just started. Each shard has it; one that is away is
/// left out.
/// </summary>
internal sealed class DatabaseRecord(IConnectionMultiplexer redis)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(500);
    private static readonly StockScript _remember = StockScript.Embedded(typeof(DatabaseRecord).Assembly, "remember-database.lua");

    /// <summary>What is remembered; null: nothing, or Redis is away.</summary>
    public async Task<RememberedDatabase?> ReadAsync()
    {
        var known = new RememberedDatabase?[1];
        await EachAsync(async shard =>
        {
            var fields = await redis.GetDatabase().HashGetAsync(shard.Keys.Database, ["epoch", "server", "mark", "gtids", "started"]);
            if (fields[0].IsNull)
                return;
            var read = new RememberedDatabase((long)fields[0], (string?)fields[1] ?? "", (long)fields[2], (string?)fields[3] ?? "", (long)fields[4]);
            lock (known)
                known[0] = RememberedDatabase.Later(known[0], read);
        });
        lock (known)
            return known[0];
    }

    /// <summary>Remembers it. While Redis is away only the process does.</summary>
    public Task WriteAsync(RememberedDatabase seen) =>
        EachAsync(shard =>
            redis
                .GetDatabase()
                .ScriptEvaluateAsync(_remember.Text, [shard.Keys.Database], [seen.Epoch, seen.Server, seen.Mark, seen.Gtids, seen.StartedAt])
        );

    /// <summary>Has everything verified: every instance that issues sees it with its next look.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="isNew">It was seen just now, so a running verification does not answer it; false: only where there is no doubt yet.</param>
    public Task DoubtAsync(string reason, bool isNew) =>
        EachAsync(shard =>
            redis.GetDatabase().StringSetAsync(shard.Keys.Doubted, $"{Guid.NewGuid()} {reason}", when: isNew ? When.Always : When.NotExists)
        );

    // Of the shards that are away, the next look tries again.
    private async Task EachAsync(Func<Shard, Task> ask)
    {
        var shards = await ShardMap.Of(redis).RecentAsync();
        await Task.WhenAll(shards.Select(TryAsync));

        async Task TryAsync(Shard shard)
        {
            try
            {
                // One of several that hangs must not keep the others from being heard.
                var answer = ask(shard);
                await (shards.Count == 1 ? answer : answer.WaitAsync(_patience, TimeProvider.System));
            }
            catch (Exception exception) when (RedisFailure.Is(exception) || exception is TimeoutException) { }
        }
    }
}

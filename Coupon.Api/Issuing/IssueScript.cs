using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>Calls <c>issue.lua</c> by its hash and by nothing else: that Redis does not know it is how a Redis that forgot something is recognised.</summary>
public sealed class IssueScript
{
    /// <summary>The script. Only the fence may load it into Redis.</summary>
    public static readonly StockScript Source = StockScript.Embedded(typeof(IssueScript).Assembly, "issue.lua");

    private readonly IDatabase _database;
    private readonly RedisValue _outboxLimit;
    private readonly RedisValue _graceMs;

    /// <summary>Binds the script to a Redis and to the limits.</summary>
    public IssueScript(IConnectionMultiplexer redis, IssuingOptions options)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentNullException.ThrowIfNull(options);
        _database = redis.GetDatabase();
        _outboxLimit = options.OutboxLimit;
        _graceMs = (long)options.RelayGrace.TotalMilliseconds;
    }

    /// <summary>Decides one issuance.</summary>
    /// <param name="keys">The coupon.</param>
    /// <param name="userId">The user, positive.</param>
    /// <param name="idempotencyKeyHash">See <see cref="IdempotencyKey"/>; null: none.</param>
    /// <exception cref="RedisServerException">NOSCRIPT: the fence is closed. Or the server refuses to serve.</exception>
    /// <exception cref="RedisConnectionException">The server is away.</exception>
    /// <exception cref="RedisTimeoutException">It did not answer: whether a seat was taken is unknown.</exception>
    public async Task<IssueReply> DecideAsync(CouponKeys keys, long userId, long? idempotencyKeyHash)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var reply = await _database.ScriptEvaluateAsync(Source.Hash, keys.All, [userId, _outboxLimit, _graceMs, idempotencyKeyHash ?? RedisValue.EmptyString]);
        return new IssueReply((IssueOutcome)(int)reply[0], (long)reply[1], (long)reply[2]);
    }
}

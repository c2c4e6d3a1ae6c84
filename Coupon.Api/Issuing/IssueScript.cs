using System.Globalization;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>
/// Calls <c>issue.lua</c> by its hash and by nothing else: that Redis does not know it is how a Redis that forgot something is recognised.
/// </summary>
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

    /// <summary>Decides some presses, one after the other.</summary>
    /// <param name="keys">The coupon.</param>
    /// <param name="presses">At least one, at most 1,000, in the order in which they came.</param>
    /// <param name="epoch">The last verification of everything that the caller knows of (<see cref="LeaseTerm.Epoch"/>).</param>
    /// <returns>A reply for each, in the same order.</returns>
    /// <exception cref="RedisServerException">NOSCRIPT: the fence is closed. Or the server refuses to serve.</exception>
    /// <exception cref="RedisConnectionException">The server is away.</exception>
    /// <exception cref="RedisTimeoutException">It did not answer: whether a seat was taken is unknown.</exception>
    public async Task<IssueReply[]> DecideAsync(CouponKeys keys, IReadOnlyList<Press> presses, long epoch)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(presses);
        var arguments = new RedisValue[3 + (2 * presses.Count)];
        (arguments[0], arguments[1], arguments[2]) = (_outboxLimit, _graceMs, epoch);
        for (var i = 0; i < presses.Count; i++)
            (arguments[3 + (2 * i)], arguments[4 + (2 * i)]) = (presses[i].UserId, presses[i].IdempotencyKeyHash ?? RedisValue.EmptyString);

        var answer = await _database.ScriptEvaluateAsync(Source.Hash, keys.All, arguments);
        var replies = new IssueReply[presses.Count];
        for (var i = 0; i < replies.Length; i++)
            replies[i] = ReplyOf((IssueOutcome)(int)answer[3 * i], (long)answer[(3 * i) + 1], answer[(3 * i) + 2]);
        return replies;
    }

    private static IssueReply ReplyOf(IssueOutcome outcome, long ordinal, RedisResult time)
    {
        if (time.Resp2Type == ResultType.Integer)
            return new IssueReply(outcome, ordinal, (long)time);
        var waiting = (string)time!;
        var end = waiting.IndexOf(':', StringComparison.Ordinal);
        return new IssueReply(outcome, ordinal, long.Parse(end < 0 ? waiting : waiting.AsSpan(0, end), CultureInfo.InvariantCulture), waiting);
    }
}

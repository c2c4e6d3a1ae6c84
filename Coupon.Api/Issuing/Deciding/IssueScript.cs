using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Deciding;

/// <summary>One press of the button, as <c>issue.lua</c> takes it.</summary>
/// <param name="UserId">The user, positive.</param>
/// <param name="IdempotencyKeyHash">See <see cref="IdempotencyKey"/>; null: none.</param>
/// <param name="Trace">See <see cref="SeatTrace"/>; null: the press is not traced.</param>
public readonly record struct Press(long UserId, long? IdempotencyKeyHash, string? Trace = null)
{
    // A number where it can be one: no text is made of it.
    internal RedisValue EndOfSeat => Trace is not null ? HeldSeat.EndOf(IdempotencyKeyHash, Trace) : IdempotencyKeyHash ?? RedisValue.EmptyString;
}

/// <summary>The reply of <c>issue.lua</c> to one press.</summary>
/// <param name="Outcome">The decision.</param>
/// <param name="Ordinal">The place in the queue, new or original; 0 where there is none.</param>
/// <param name="TimeMs">When the seat was issued, or when the coupon opens; else 0. Unix time in ms.</param>
/// <param name="Waiting">Its member of the outbox, where it is an original issuance that still waits there; else null.</param>
public readonly record struct IssueReply(IssueOutcome Outcome, long Ordinal = 0, long TimeMs = 0, string? Waiting = null);

/// <summary>
/// Calls <c>issue.lua</c> by its hash only, never by its text: a Redis that does not know the script may have lost data, and NOSCRIPT is how the
/// fence learns of it. Redis keeps scripts in memory only (https://redis.io/docs/latest/develop/programmability/eval-intro/#script-cache).
/// </summary>
public sealed class IssueScript
{
    /// <summary>The script. Only the fence may load it into Redis.</summary>
    public static readonly StockScript Source = StockScript.Embedded(typeof(IssueScript).Assembly, "issue.lua");

    private const int MostAttempts = 20;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(25);

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

    /// <summary>Decides presses for one coupon, one after the other.</summary>
    /// <param name="keys">The coupon.</param>
    /// <param name="presses">At least one, at most 1,000, in the order in which they came.</param>
    /// <param name="term">The caller's lease: a state from before its epoch, or of another shard, decides nothing.</param>
    /// <returns>A reply for each, in the same order.</returns>
    /// <exception cref="RedisServerException">NOSCRIPT: the fence is closed. Or the server refuses to serve.</exception>
    /// <exception cref="RedisConnectionException">The server is away.</exception>
    /// <exception cref="RedisTimeoutException">The server did not answer: a seat may have been taken or not.</exception>
    public async Task<IssueReply[]> DecideAsync(CouponKeys keys, IReadOnlyList<Press> presses, LeaseTerm term)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(presses);
        ArgumentNullException.ThrowIfNull(term);
        var arguments = new RedisValue[4 + (2 * presses.Count)];
        (arguments[0], arguments[1], arguments[2], arguments[3]) = (_outboxLimit, _graceMs, term.Epoch, term.Shard);
        for (var i = 0; i < presses.Count; i++)
            (arguments[4 + (2 * i)], arguments[5 + (2 * i)]) = (presses[i].UserId, presses[i].EndOfSeat);

        using var spans = ScriptSpans.Start(keys.CouponId, presses, _database);
        try
        {
            var answer = await AskAsync(keys, arguments);
            var replies = new IssueReply[presses.Count];
            for (var i = 0; i < replies.Length; i++)
                replies[i] = ReplyOf(keys, presses[i], (IssueOutcome)(int)answer[3 * i], (long)answer[(3 * i) + 1], answer[(3 * i) + 2]);
            spans?.Decided(replies);
            return replies;
        }
        catch (Exception exception) when (spans is not null)
        {
            spans.Failed(exception);
            throw;
        }
    }

    private async Task<RedisResult> AskAsync(CouponKeys keys, RedisValue[] arguments)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await _database.ScriptEvaluateAsync(Source.Hash, keys.All, arguments);
            }
            catch (RedisServerException exception) when (attempt < MostAttempts && RedisFailure.IsSlotMoving(exception))
            {
                await Task.Delay(_pause, TimeProvider.System);
            }
        }
    }

    private static IssueReply ReplyOf(CouponKeys keys, Press press, IssueOutcome outcome, long ordinal, RedisResult time)
    {
        if (time.Resp2Type == ResultType.Integer)
            return new IssueReply(outcome, ordinal, (long)time);

        // Unreadable only where another program wrote the seat.
        return HeldSeat.TryParseTimeAndKey(keys.CouponId, ordinal, press.UserId, (string?)time, out var seat)
            ? new IssueReply(outcome, ordinal, seat.IssuedAtMs, HeldSeat.OutboxMember(press.UserId, $"{ordinal}:{(string?)time}"))
            : new IssueReply(outcome, ordinal);
    }
}

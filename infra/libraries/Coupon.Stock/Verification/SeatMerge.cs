using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// The writes of one verification to one coupon in Redis: begin, any number of merges, complete. Each carries the id and its place in the chain.
/// </summary>
internal sealed class SeatMerge(IDatabase database, CouponKeys keys, Shard shard, long verificationId)
{
    private const int SeatsAStep = 1000;
    private const int ArgumentsASeat = 5;

    private static readonly StockScript _begin = StockScript.Embedded(typeof(SeatMerge).Assembly, "begin-verification.lua");
    private static readonly StockScript _merge = StockScript.Embedded(typeof(SeatMerge).Assembly, "merge-seats.lua");
    private static readonly StockScript _complete = StockScript.Embedded(typeof(SeatMerge).Assembly, "complete-verification.lua");

    /// <summary>The verification that the writes belong to.</summary>
    public long VerificationId => verificationId;

    private readonly List<RedisValue> _arguments = new((SeatsAStep * ArgumentsASeat) + 2);
    private int _step;

    /// <summary>How many users were added.</summary>
    public long UsersAdded { get; private set; }

    /// <summary>How many outbox entries were added.</summary>
    public long OutboxAdded { get; private set; }

    /// <summary>How many users held another seat already.</summary>
    public long Conflicts { get; private set; }

    /// <summary>Takes the coupon off sale.</summary>
    /// <returns>The last ordinal that Redis knows of.</returns>
    public async Task<long> BeginAsync() => (long)await RunAsync(_begin, [keys.State, keys.Verifying], [verificationId]);

    /// <summary>Adds a seat, and where it is to be sent again its outbox entry, now or with the next step.</summary>
    public async Task AddAsync(HeldSeat seat, bool sendAgain = false)
    {
        if (_arguments.Count == 0)
            _arguments.AddRange([verificationId, _step + 1]);
        _arguments.AddRange([
            seat.UserId,
            seat.Ordinal,
            seat.IssuedAtMs,
            seat.KeyHash ?? RedisValue.EmptyString,
            sendAgain ? 1 : RedisValue.EmptyString,
        ]);
        if (_arguments.Count >= (SeatsAStep * ArgumentsASeat) + 2)
            await FlushAsync();
    }

    /// <summary>Forgets a seat that was returned to the stock, so that its user may ask again.</summary>
    public Task ForgetAsync(HeldSeat seat) => database.ScriptEvaluateAsync(SeatHolders.Forget.Text, [keys.Users], [seat.UserId, seat.Ordinal]);

    /// <summary>Puts the coupon on sale again.</summary>
    /// <returns>What is left to give out.</returns>
    public async Task<long> CompleteAsync(long lastOrdinal, CouponTerms terms)
    {
        await FlushAsync();
        return (long)
            await RunAsync(
                _complete,
                [keys.State, keys.Verifying, keys.Users, keys.Outbox],
                [verificationId, _step + 1, lastOrdinal, .. terms.ToArguments(), shard.Name]
            );
    }

    /// <summary>Makes sure that this verification is still the one of the coupon.</summary>
    /// <exception cref="VerificationInterruptedException">Another one took over, or Redis has lost data.</exception>
    public async Task CheckAsync()
    {
        if (_arguments.Count == 0)
            _arguments.AddRange([verificationId, _step + 1]);
        await FlushAsync();
    }

    private async Task FlushAsync()
    {
        if (_arguments.Count == 0)
            return;
        var added = (long[])(await RunAsync(_merge, [keys.Users, keys.Outbox, keys.Verifying], [.. _arguments]))!;
        _arguments.Clear();
        _step++;
        UsersAdded += added[0];
        OutboxAdded += added[1];
        Conflicts += added[2];
    }

    private async Task<RedisResult> RunAsync(StockScript script, RedisKey[] redisKeys, RedisValue[] arguments)
    {
        var result = await database.ScriptEvaluateAsync(script.Text, redisKeys, arguments);
        return result.IsNull
            ? throw new VerificationInterruptedException(
                $"Coupon {keys.CouponId}: Redis has lost data during verification {verificationId}, or another one took over."
            )
            : result;
    }
}

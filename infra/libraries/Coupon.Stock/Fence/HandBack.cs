using Coupon.Stock.Redis;
using Coupon.Stock.Shards;
using Coupon.Stock.Verification;
using StackExchange.Redis;

namespace Coupon.Stock.Fence;

/// <summary>
/// Hands back the unconfirmed issuances of this process: to the Redis that it reaches, and through MySQL where that is not the one that is verified,
/// such as a primary that does not know yet that it was replaced: what was written only there would be lost with it. Also through MySQL, and no
/// longer remembered, where a verification has given this instance up: its numbers may be somebody else's by now, so the next verification of the
/// coupon decides.
/// </summary>
/// <param name="redis">The Redis that this process is connected to.</param>
/// <param name="seats">Where a verification finds what was handed back through MySQL.</param>
/// <param name="options">How long Redis is waited for.</param>
/// <param name="time">The clock of that.</param>
/// <param name="unconfirmed">The unconfirmed issuances of this process.</param>
internal sealed class HandBack(
    IConnectionMultiplexer redis,
    HandedBackSeats seats,
    VerificationOptions options,
    TimeProvider time,
    IUnconfirmedIssuances unconfirmed
) : IDisposable
{
    private static readonly Func<long, bool> _everything = _ => true;
    private static readonly StockScript _settle = StockScript.Embedded(typeof(HandBack).Assembly, "settle.lua");

    // The heartbeat, the look at Redis and the stop hand back; the calls under way are waited for by one at a time.
    private readonly SemaphoreSlim _one = new(1);
    private volatile bool _isGivenUp;

    /// <summary>A verification has given this instance up, or may have: what it holds is handed over, before it may open its fence again.</summary>
    public void GivenUp() => _isGivenUp = true;

    /// <summary>Answers the verifications that wait in MySQL.</summary>
    /// <param name="waiting">Those that this process has not settled for; not empty.</param>
    /// <param name="closeTheFence">
    /// Called where this process must not issue any more from the shard of a verification: it is connected to another Redis, or to none.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AnswerAsync(IReadOnlyList<Fencing> waiting, Action<Fencing, string> closeTheFence, CancellationToken cancellationToken)
    {
        var own = await NamesAsync(waiting);
        var elsewhere = new List<Fencing>();
        foreach (var shard in waiting.GroupBy(fencing => fencing.Shard))
        {
            var name = own[shard.Key];
            var others = shard.Where(fencing => name is null || (fencing.Redis is not null && fencing.Redis != name)).ToList();
            elsewhere.AddRange(others);
            if (name is null)
                closeTheFence(others[^1], "Redis does not answer");
            else if (others.FindLast(fencing => fencing.EveryCoupon) is { } other)
                closeTheFence(other, $"verification {other.Id} is made on another Redis");
        }

        using var turn = await TakeTurnAsync(cancellationToken);
        if (await HandedOverAsync(cancellationToken))
            return;
        var here = waiting.Except(elsewhere).ToList();
        if (here.Count > 0)
        {
            await unconfirmed.HandBackAsync(Covered(here), cancellationToken);
            var now = await NamesAsync(here);
            if (here.Exists(fencing => now[fencing.Shard] != own[fencing.Shard]))
                throw new VerificationInterruptedException("Redis has changed while the unconfirmed issuances were handed back.");
        }

        if (elsewhere.Count > 0)
            await ThroughMySqlAsync(Covered(elsewhere), cancellationToken);
    }

    /// <summary>Hands back what is in a shard to the Redis that this process reaches, without being asked.</summary>
    public async Task UnaskedAsync(Shard shard, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        if (!await HandedOverAsync(cancellationToken))
            await unconfirmed.HandBackAsync(shard.Covers, cancellationToken);
    }

    /// <summary>Answers a verification that waits in Redis, where MySQL is away for this process or slow.</summary>
    /// <returns>False: it waits no longer, or Redis is another one by now.</returns>
    public async Task<bool> SettleInRedisAsync(Shard shard, long verification, string instance, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        var identity = await RedisIdentity.ReadAsync(redis, shard);
        if (!await HandedOverAsync(cancellationToken))
        {
            // What the shard owned when the verification began, whatever it owns now.
            var slots = (string?)await redis.GetDatabase().HashGetAsync(shard.Keys.Standing, StandingFields.Slots);
            var verified = slots is null ? shard : new Shard(shard.Name, SlotSet.Parse(slots));
            await unconfirmed.HandBackAsync(verified.Covers, cancellationToken);
        }

        return (bool)await redis.GetDatabase().ScriptEvaluateAsync(_settle.Text, [shard.Keys.Standing], [verification, instance, identity.Process]);
    }

    /// <summary>Hands back because this process stops: no other process remembers them.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        if (!unconfirmed.HasAny || await HandedOverAsync(cancellationToken))
            return;
        try
        {
            await unconfirmed.HandBackAsync(_everything, cancellationToken);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            await seats.AddAsync(unconfirmed.Held(_everything), cancellationToken);
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<bool> HandedOverAsync(CancellationToken cancellationToken)
    {
        if (!_isGivenUp)
            return false;
        await ThroughMySqlAsync(_everything, cancellationToken);
        _isGivenUp = false;
        return true;
    }

    private async Task ThroughMySqlAsync(Func<long, bool> isOf, CancellationToken cancellationToken)
    {
        // The holder of the turn must not keep the others from Redis because MySQL hangs.
        using var patience = new CancellationTokenSource(options.LeaseTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        await unconfirmed.DrainAsync(either.Token);
        var held = unconfirmed.Held(isOf);
        await seats.AddAsync(held, either.Token);
        if (_isGivenUp)
            unconfirmed.HandOver(held);
    }

    private async Task<Turn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        return new Turn(_one);
    }

    private static Func<long, bool> Covered(List<Fencing> verifications) =>
        couponId => verifications.Exists(fencing => fencing.Where.Covers(couponId));

    // By shard: the Redis that this process reaches; null: none.
    private async Task<Dictionary<string, string?>> NamesAsync(IEnumerable<Fencing> verifications)
    {
        var names = verifications.DistinctBy(fencing => fencing.Shard).Select(async fencing => (fencing.Shard, Name: await NameAsync(fencing.Where)));
        return (await Task.WhenAll(names)).ToDictionary(found => found.Shard, found => found.Name, StringComparer.Ordinal);
    }

    private async Task<string?> NameAsync(Shard shard)
    {
        try
        {
            // A primary that is frozen answers nothing: what it has is not waited for longer than a lease.
            return (await RedisIdentity.ReadAsync(redis, shard).WaitAsync(options.LeaseTime, time)).Name;
        }
        catch (Exception exception) when (RedisFailure.Is(exception) || exception is TimeoutException)
        {
            return null;
        }
    }

    private readonly struct Turn(SemaphoreSlim one) : IDisposable
    {
        public void Dispose() => one.Release();
    }
}

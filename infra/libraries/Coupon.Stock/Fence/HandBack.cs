using Coupon.Stock.Redis;
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
    private static readonly StockScript _settle = StockScript.Embedded(typeof(HandBack).Assembly, "settle.lua");

    // The heartbeat, the look at Redis and the stop hand back; the calls under way are waited for by one at a time.
    private readonly SemaphoreSlim _one = new(1);
    private volatile bool _isGivenUp;

    /// <summary>A verification has given this instance up, or may have: what it holds is handed over, before it may open its fence again.</summary>
    public void GivenUp() => _isGivenUp = true;

    /// <summary>Answers the verifications that wait in MySQL.</summary>
    /// <param name="waiting">Those that this process has not settled for; not empty.</param>
    /// <param name="closeTheFence">Called where this process must not issue any more: it is connected to another Redis, or to none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The last one that it has settled for.</returns>
    public async Task<long> AnswerAsync(IReadOnlyList<Fencing> waiting, Action<string> closeTheFence, CancellationToken cancellationToken)
    {
        var own = await NameAsync();
        var elsewhere = waiting.Where(fencing => own is null || (fencing.Redis is not null && fencing.Redis != own)).ToList();
        if (own is null)
            closeTheFence("Redis does not answer");
        else if (elsewhere.FindLast(fencing => fencing.EveryCoupon) is { } other)
            closeTheFence($"verification {other.Id} is made on another Redis");

        using var turn = await TakeTurnAsync(cancellationToken);
        if (await HandedOverAsync(cancellationToken))
            return waiting.Max(fencing => fencing.Id);
        if (elsewhere.Count < waiting.Count)
        {
            await unconfirmed.HandBackAsync(cancellationToken);
            if (await NameAsync() != own)
                throw new VerificationInterruptedException("Redis has changed while the unconfirmed issuances were handed back.");
        }

        if (elsewhere.Count > 0)
            await ThroughMySqlAsync(cancellationToken);
        return waiting.Max(fencing => fencing.Id);
    }

    /// <summary>Hands back to the Redis that this process reaches, without being asked.</summary>
    public async Task UnaskedAsync(CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        if (!await HandedOverAsync(cancellationToken))
            await unconfirmed.HandBackAsync(cancellationToken);
    }

    /// <summary>Answers a verification that waits in Redis, where MySQL is away for this process or slow.</summary>
    /// <returns>False: it waits no longer, or Redis is another one by now.</returns>
    public async Task<bool> SettleInRedisAsync(long verification, string instance, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        var identity = await RedisIdentity.ReadAsync(redis);
        if (!await HandedOverAsync(cancellationToken))
            await unconfirmed.HandBackAsync(cancellationToken);
        return (bool)await redis.GetDatabase().ScriptEvaluateAsync(_settle.Text, [CouponKeys.Standing], [verification, instance, identity.Processes]);
    }

    /// <summary>Hands back because this process stops: no other process remembers them.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(cancellationToken);
        if (!unconfirmed.HasAny || await HandedOverAsync(cancellationToken))
            return;
        try
        {
            await unconfirmed.HandBackAsync(cancellationToken);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            await seats.AddAsync(unconfirmed.Held(), cancellationToken);
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<bool> HandedOverAsync(CancellationToken cancellationToken)
    {
        if (!_isGivenUp)
            return false;
        await ThroughMySqlAsync(cancellationToken);
        _isGivenUp = false;
        return true;
    }

    private async Task ThroughMySqlAsync(CancellationToken cancellationToken)
    {
        // The holder of the turn must not keep the others from Redis because MySQL hangs.
        using var patience = new CancellationTokenSource(options.LeaseTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        await unconfirmed.DrainAsync(either.Token);
        var held = unconfirmed.Held();
        await seats.AddAsync(held, either.Token);
        if (_isGivenUp)
            unconfirmed.HandOver(held);
    }

    private async Task<Turn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        return new Turn(_one);
    }

    private async Task<string?> NameAsync()
    {
        try
        {
            // A primary that is frozen answers nothing: what it has is not waited for longer than a lease.
            return (await RedisIdentity.ReadAsync(redis).WaitAsync(options.LeaseTime, time)).Name;
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

using Coupon.Stock.Verification;
using StackExchange.Redis;

namespace Coupon.Stock.Fence;

/// <summary>
/// Hands back what this process has under way, to the Redis that is being verified. A process may still be connected to another one, such as a primary
/// that does not know yet that it was replaced: what it wrote there would be lost with it, so it has not settled then.
/// </summary>
/// <param name="redis">What this process is connected to.</param>
/// <param name="underWay">What it has under way. Asked for late: whoever knows that may itself need the fence.</param>
internal sealed class HandBack(IConnectionMultiplexer redis, Func<IUnsettledIssuances> underWay)
{
    /// <summary>Answers the verifications that wait.</summary>
    /// <param name="waiting">Those that this process has not settled for; not empty.</param>
    /// <param name="closeTheFence">Called where this process must not issue any more: it is connected to another Redis, or to none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The last one that it has settled for; null: none.</returns>
    public async Task<long?> AnswerAsync(IReadOnlyList<Fencing> waiting, Action<string> closeTheFence, CancellationToken cancellationToken)
    {
        var unsettled = underWay();
        var own = await IdentityAsync().ConfigureAwait(false);
        var elsewhere = waiting.Where(fencing => fencing.Redis is not null && fencing.Redis != own).ToList();
        var mustNotIssue = own is null || elsewhere.Exists(fencing => fencing.EveryCoupon);
        if (mustNotIssue) closeTheFence(own is null ? "Redis does not answer" : $"verification {elsewhere[^1].Id} is made on another Redis");

        if (elsewhere.Count < waiting.Count)
        {
            await unsettled.HandBackAsync(cancellationToken).ConfigureAwait(false);
            return await IdentityAsync().ConfigureAwait(false) == own
                ? waiting.Except(elsewhere).Max(fencing => fencing.Id)
                : throw new VerificationInterruptedException("Redis has changed while what is under way was handed back.");
        }

        // Who issues no more and holds nothing has nothing to hand back, wherever it is connected.
        if (!mustNotIssue) return null;
        await unsettled.DrainAsync(cancellationToken).ConfigureAwait(false);
        return unsettled.HasAny ? null : waiting.Max(fencing => fencing.Id);
    }

    /// <summary>Hands back what this process has under way, because it stops: nobody else remembers it.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        var unsettled = underWay();
        if (unsettled.HasAny) await unsettled.HandBackAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<string?> IdentityAsync()
    {
        try
        {
            return (await RedisIdentity.ReadAsync(redis).ConfigureAwait(false)).Name;
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            return null;
        }
    }
}

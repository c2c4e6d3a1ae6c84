using System.Threading.RateLimiting;
using Coupon.Api.Http;

namespace Coupon.Api.Limits;

/// <summary>Bounds the presses of one user, and those that wait.</summary>
internal sealed class PressLimits : IDisposable
{
    private readonly PartitionedRateLimiter<long>? _users;
    private readonly int _mostWaiting;
    private int _waiting;

    public PressLimits(LimitOptions options)
    {
        _mostWaiting = options.WaitingPresses;
        if (options.PressesOfUser > 0)
            _users = PartitionedRateLimiter.Create<long, int>(userId =>
                RateLimitPartition.GetTokenBucketLimiter(Buckets.Of(userId), _ => Buckets.PerSecond(options.PressesOfUser))
            );
    }

    /// <summary>Lets a press in. Each that was let in must <see cref="Leave"/>.</summary>
    /// <returns>Why not; null: it is in.</returns>
    public Refusal? Enter(long userId)
    {
        if (_users is not null)
        {
            using var lease = _users.AttemptAcquire(userId);
            if (!lease.IsAcquired)
                return LimitRefusals.TooMany;
        }

        if (Interlocked.Increment(ref _waiting) <= _mostWaiting)
            return null;
        Leave();
        return LimitRefusals.Busy;
    }

    /// <summary>The press has its answer.</summary>
    public void Leave() => Interlocked.Decrement(ref _waiting);

    public void Dispose() => _users?.Dispose();
}

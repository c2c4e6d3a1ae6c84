using System.Threading.RateLimiting;

namespace Coupon.Api.Limits;

/// <summary>
/// The token buckets of clients. The framework's limiter keeps one for each client that was seen in the last ten seconds and visits all of them ten
/// times a second (System.Threading.RateLimiting, DefaultPartitionedRateLimiter), so their number is bounded: clients share 65,536 of them. Which
/// ones share is another in each process (<see cref="HashCode"/> has a random seed), so nobody can choose with whom.
/// </summary>
internal static class Buckets
{
    private const int Mask = (1 << 16) - 1;

    /// <summary>The bucket of a client.</summary>
    public static int Of<T>(T client) => HashCode.Combine(client) & Mask;

    /// <summary>So many a second, and as many again at once.</summary>
    public static TokenBucketRateLimiterOptions PerSecond(int count) =>
        new()
        {
            TokenLimit = 2 * count,
            TokensPerPeriod = count,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        };
}

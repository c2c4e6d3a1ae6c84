using Coupon.Api.Issuing.Deciding;
using Coupon.Hosting.Background;
using Coupon.Hosting.Outages;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Health;

/// <summary>
/// Asks once a second whether Redis would serve a press: Redis may answer all reads and refuse every write (OOM, NOREPLICAS, READONLY, NOPERM). So
/// health says it before a user presses, and says when it is over, although an instance that is not ready gets no presses.
/// </summary>
internal sealed class StockProbe(
    IConnectionMultiplexer redis,
    IssueScript script,
    IStockFence fence,
    ServerOutages outages,
    TimeProvider time,
    ILogger<StockProbe> logger
) : PeriodicService(TimeSpan.FromSeconds(1), time, logger)
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(1);

    // No coupon has this id, so the script answers "not loaded" and writes nothing.
    private static readonly CouponKeys _noCoupon = new(CouponKeys.WarmUpId());

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        // The fence itself watches a Redis that is away or not verified.
        var term = fence.Enter();
        if (!term.MayIssue)
            return;
        try
        {
            await script.DecideAsync(_noCoupon, [new Press(1, null)], term.Epoch);
            await redis.GetDatabase().StringSetAsync(CouponKeys.Probe, 1, _lifetime);
            outages.Redis.Succeeded();
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            fence.Doubt("Redis does not know the issue script");
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            outages.Redis.Failed(exception);
        }
    }
}

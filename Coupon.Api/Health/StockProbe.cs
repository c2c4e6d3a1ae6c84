using Coupon.Api.Issuing.Deciding;
using Coupon.Hosting.Background;
using Coupon.Hosting.Outages;
using Coupon.Stock;
using Coupon.Stock.Shards;
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

    // By shard. No coupon has such an id, so the script answers "not loaded" and writes nothing.
    private readonly Dictionary<string, CouponKeys> _noCoupons = new(StringComparer.Ordinal);

    // The fence itself watches a Redis that is away or not verified.
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        foreach (var (shard, term) in fence.Leases)
        {
            if (term.MayIssue)
                await ProbeAsync(shard, term);
        }
    }

    private async Task ProbeAsync(Shard shard, LeaseTerm term)
    {
        var noCoupon = NoCouponIn(shard);
        try
        {
            await script.DecideAsync(noCoupon, [new Press(1, null)], term);
            await redis.GetDatabase().StringSetAsync(shard.Keys.Probe, 1, _lifetime);
            outages.Redis.Succeeded();
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            fence.Doubt(noCoupon.CouponId, "Redis does not know the issue script");
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            outages.Redis.Failed(exception);
        }
    }

    private CouponKeys NoCouponIn(Shard shard)
    {
        if (_noCoupons.TryGetValue(shard.Name, out var keys) && shard.Covers(keys.CouponId))
            return keys;
        var id = CouponKeys.WarmUpId();
        while (!shard.Covers(id))
            id = CouponKeys.WarmUpId();
        return _noCoupons[shard.Name] = new CouponKeys(id);
    }
}

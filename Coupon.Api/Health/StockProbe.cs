using Coupon.Api.Issuing;
using Coupon.Hosting.Outages;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Health;

/// <summary>
/// Asks once a second whether Redis would serve a press: it may answer all reads and refuse every write (OOM, NOREPLICAS, READONLY, NOPERM). Health
/// then says so before anybody presses, and that it is over although an instance that is not ready gets no presses.
/// </summary>
internal sealed class StockProbe(IConnectionMultiplexer redis, IssueScript script, IStockFence fence, ServerOutages outages, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _kept = TimeSpan.FromMinutes(1);

    // A coupon that is nobody's: the script finds that it is not loaded, and writes nothing.
    private static readonly CouponKeys _nobodys = new(CouponKeys.RehearsalId());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await ProbeAsync();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    /// <summary>Asks once. Called by the tick; by tests at will.</summary>
    internal async Task ProbeAsync()
    {
        // A Redis that is away or not verified is the fence's business.
        var term = fence.Enter();
        if (!term.IsOpen)
            return;
        try
        {
            await script.DecideAsync(_nobodys, [new Press(1, null)], term.Epoch);
            await redis.GetDatabase().StringSetAsync(CouponKeys.Probe, 1, _kept);
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

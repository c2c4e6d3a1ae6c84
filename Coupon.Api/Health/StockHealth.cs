using Coupon.Hosting.Outages;
using Coupon.Stock;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Api.Health;

/// <summary>
/// The instance is ready while Redis answers, is verified, and accepts writes (<see cref="StockProbe"/>). In a cluster it is degraded while some
/// shards are not: the coupons of the others are sold.
/// </summary>
internal sealed class StockHealth(IStockFence fence, ServerOutages outages) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var leases = fence.Leases;
        var closed = leases.Where(lease => !lease.Term.MayIssue).Select(lease => lease.Shard.Name).ToList();
        return Task.FromResult(
            (closed.Count == leases.Count, outages.Redis.CurrentReason) switch
            {
                (true, var reason) => HealthCheckResult.Unhealthy($"The stock is not verified, or Redis is away. {reason}".TrimEnd()),
                (false, _) when closed.Count > 0 => HealthCheckResult.Degraded(
                    $"Not verified, or away: the shards with the slots {string.Join(", ", closed)}, of {leases.Count} shards."
                ),
                (false, { } reason) => HealthCheckResult.Unhealthy($"Redis refuses: {reason}"),
                _ => HealthCheckResult.Healthy(),
            }
        );
    }
}

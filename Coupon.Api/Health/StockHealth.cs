using Coupon.Hosting.Outages;
using Coupon.Stock;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Api.Health;

/// <summary>The instance is ready while Redis answers, is verified, and accepts writes (<see cref="StockProbe"/>).</summary>
internal sealed class StockHealth(IStockFence fence, ServerOutages outages) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            (fence.MayIssue, outages.Redis.CurrentReason) switch
            {
                (false, var reason) => HealthCheckResult.Unhealthy($"The stock is not verified, or Redis is away. {reason}".TrimEnd()),
                (true, { } reason) => HealthCheckResult.Unhealthy($"Redis refuses: {reason}"),
                _ => HealthCheckResult.Healthy(),
            }
        );
}

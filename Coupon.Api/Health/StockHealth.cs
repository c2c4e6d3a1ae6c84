using Coupon.Hosting.Outages;
using Coupon.Stock;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Api.Health;

/// <summary>Ready to sell: Redis is there, has been verified, and takes what is written (<see cref="StockProbe"/>).</summary>
internal sealed class StockHealth(IStockFence fence, ServerOutages outages) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            (fence.IsOpen, outages.Redis.CurrentReason) switch
            {
                (false, var reason) => HealthCheckResult.Unhealthy($"The stock is not verified, or Redis is away. {reason}".TrimEnd()),
                (true, { } reason) => HealthCheckResult.Unhealthy($"Redis refuses: {reason}"),
                _ => HealthCheckResult.Healthy(),
            }
        );
}

using Coupon.Stock;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Api.Health;

/// <summary>Ready to sell: Redis is there and has been verified.</summary>
internal sealed class StockHealth(IStockFence fence) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(fence.IsOpen ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The stock is not verified, or Redis is away."));
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Consumers.Consumption;

/// <summary>Degraded: consumption waits for something that ends by itself or that an operator asked for. Unhealthy: an operator must act.</summary>
internal sealed class ConsumptionHealth(ConsumptionState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            state.Obstacles is [var worst, ..]
                ? new HealthCheckResult(
                    worst.Kind >= ObstacleKind.ValveShut ? HealthStatus.Unhealthy : HealthStatus.Degraded,
                    $"{worst.Kind} since {worst.Since:O}: {worst.Detail}"
                )
                : HealthCheckResult.Healthy()
        );
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Consumers.Consumption;

/// <summary>Degraded: it waits for something that should come back by itself or that an operator wanted. Unhealthy: somebody must act.</summary>
internal sealed class ConsumptionHealth(ConsumptionState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            state.Obstacles is [var worst, ..]
                ? new HealthCheckResult(
                    worst.Trouble >= Trouble.ValveShut ? HealthStatus.Unhealthy : HealthStatus.Degraded,
                    $"{worst.Trouble} since {worst.Since:O}: {worst.Detail}"
                )
                : HealthCheckResult.Healthy()
        );
}

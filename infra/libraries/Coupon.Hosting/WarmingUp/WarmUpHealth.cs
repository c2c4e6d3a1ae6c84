using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Hosting.WarmingUp;

/// <summary>The process is ready only when its warm-up is over.</summary>
internal sealed class WarmUpHealth(WarmUpService warmUp) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(warmUp.IsOver ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The process is warming up."));
}

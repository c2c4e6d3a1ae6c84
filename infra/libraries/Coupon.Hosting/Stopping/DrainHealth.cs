using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Hosting.Stopping;

/// <summary>A program that was asked to stop is not ready: nobody should send it anything more.</summary>
internal sealed class DrainHealth(Drain drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.HasBegun ? HealthCheckResult.Unhealthy("The program is stopping.") : HealthCheckResult.Healthy());
}

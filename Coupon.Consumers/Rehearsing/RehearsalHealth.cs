using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Consumers.Rehearsing;

/// <summary>Ready only when the path has been played.</summary>
internal sealed class RehearsalHealth(Rehearsal rehearsal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(rehearsal.IsOver ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The process is rehearsing."));
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Hosting.WarmingUp;

/// <summary>
/// The process is ready only when its warm-up is over. One that failed makes the first requests slower, and is no reason not to serve them.
/// </summary>
internal sealed class WarmUpHealth(WarmUpService warmUp) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            warmUp switch
            {
                { IsOver: false } => HealthCheckResult.Unhealthy("The process is warming up."),
                { HasFailed: true } => HealthCheckResult.Healthy("The warm-up has failed: the first requests are slower. The log says why."),
                _ => HealthCheckResult.Healthy(),
            }
        );
}

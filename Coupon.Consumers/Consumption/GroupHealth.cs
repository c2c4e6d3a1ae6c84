using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Consumers.Consumption;

/// <summary>
/// Whether both groups consume. MassTransit calls a bus degraded while one of its endpoints is well, which counts as ready; but a group that nobody
/// is a member of leaves messages unread, whatever the other one does. A partition that makes no progress is degraded: what it waits for is in
/// <see cref="ConsumptionHealth"/>, or a message fails.
/// </summary>
internal sealed class GroupHealth(IBusControl bus) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var unwell = bus.CheckHealth()
            .Endpoints.Where(endpoint => endpoint.Value.Status == BusHealthStatus.Unhealthy && IsOfTopic(endpoint.Key))
            .ToList();
        if (unwell.Count == 0)
            return Task.FromResult(HealthCheckResult.Healthy());
        var status = unwell.TrueForAll(endpoint => endpoint.Value.MakesNoProgress()) ? HealthStatus.Degraded : HealthStatus.Unhealthy;
        return Task.FromResult(
            new HealthCheckResult(status, string.Join(' ', unwell.Select(endpoint => $"{NameOf(endpoint.Key)}: {endpoint.Value.Description}")))
        );
    }

    // The bus has an endpoint of its own, which receives nothing here.
    private static bool IsOfTopic(string address) => new Uri(address).AbsolutePath.StartsWith("/kafka/", StringComparison.Ordinal);

    private static string NameOf(string address) => new Uri(address).AbsolutePath["/kafka/".Length..];
}

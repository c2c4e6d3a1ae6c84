using Coupon.Api.Issuing;
using Coupon.Hosting.Outages;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Api.Health;

/// <summary>Kafka away is degraded and not unready: the outbox accepts meanwhile.</summary>
internal sealed class KafkaHealth(KafkaCircuit circuit, ServerOutages outages) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            circuit.IsOpen || outages.Kafka.Reason is not null
                ? HealthCheckResult.Degraded($"Kafka does not acknowledge; issuances wait in the outbox. {outages.Kafka.Reason}".TrimEnd())
                : HealthCheckResult.Healthy()
        );
}

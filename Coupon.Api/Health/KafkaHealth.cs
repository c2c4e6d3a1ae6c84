using Coupon.Api.Issuing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Api.Health;

/// <summary>Kafka away is degraded and not unready: the outbox accepts meanwhile.</summary>
internal sealed class KafkaHealth(KafkaCircuit circuit) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(circuit.IsOpen ? HealthCheckResult.Degraded("Kafka does not acknowledge; issuances wait in the outbox.") : HealthCheckResult.Healthy());
}

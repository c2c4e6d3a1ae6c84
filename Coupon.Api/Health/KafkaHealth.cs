using Coupon.Api.Issuing.Sending;
using Coupon.Hosting.Outages;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Api.Health;

/// <summary>While Kafka is away the instance is degraded, and still ready: the outbox holds what is accepted.</summary>
internal sealed class KafkaHealth(KafkaCircuitBreaker breaker, ServerOutages outages) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            breaker.IsBroken || outages.Kafka.Reason is not null
                ? HealthCheckResult.Degraded($"Kafka does not acknowledge; issuances wait in the outbox. {outages.Kafka.Reason}".TrimEnd())
                : HealthCheckResult.Healthy()
        );
}

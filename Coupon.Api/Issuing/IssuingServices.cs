using Coupon.Api.Http;
using Coupon.Api.Issuing.Outbox;
using Coupon.Api.Messaging;
using Coupon.Hosting.Outages;
using Coupon.Stock;
using Microsoft.Extensions.Options;

namespace Coupon.Api.Issuing;

internal static class IssuingServices
{
    /// <summary>Before the bus, so that it is stopped after it: what Kafka acknowledges when the producer is flushed leaves the outbox too.</summary>
    public static void AddOutboxRemovals(this WebApplicationBuilder builder) => builder.Services.AddHosted<OutboxRemovals>();

    public static void AddIssuing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidated<FaultOptions>("Faults");
        services
            .AddValidated<IssuingOptions>("Issuing")
            .Validate(issuing => issuing.RelayGrace >= issuing.ConfirmTimeout, "Issuing:RelayGrace must not be below Issuing:ConfirmTimeout.")
            .Validate<IOptions<ProducerOptions>>(
                (issuing, producer) => issuing.RelayLease >= producer.Value.MessageTimeout,
                "Issuing:RelayLease must not be below Producer:MessageTimeout."
            );

        services.AddSingleton<FaultPoints>();
        services.AddSingleton<IssueScript>();
        services.AddSingleton<SeatMemory>();
        services.AddSingleton<Issuer>();
        services.AddSingleton<IssuanceFinder>();
        services.AddSingleton<IssuanceSender>();
        services.AddSingleton<OutboxLeases>();
        services.AddSingleton(provider =>
        {
            var threshold = provider.GetRequiredService<IssuingOptions>().CircuitThreshold;
            var kafka = provider.GetRequiredService<ServerOutages>().Kafka;
            var circuit = new KafkaCircuit(threshold, kafka, provider.GetRequiredService<ILogger<KafkaCircuit>>());
            provider.GetRequiredService<ApiMetrics>().Watch(circuit);
            return circuit;
        });
        services.AddSingleton<IUnsettledIssuances>(provider => provider.GetRequiredService<UnconfirmedIssuances>());

        // Stopped in reverse: the relay first.
        services.AddHosted<LateIssuances>();
        services.AddHosted<UnconfirmedIssuances>();
        services.AddHosted<SoldOutMemory>();
        services.AddHosted<PressQueues>();
        services.AddHosted<OutboxRelay>();
    }

    // A hosted service that others can ask for as well.
    private static void AddHosted<T>(this IServiceCollection services)
        where T : class, IHostedService => services.AddSingleton<T>().AddHostedService(provider => provider.GetRequiredService<T>());
}

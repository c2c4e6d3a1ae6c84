using Confluent.Kafka;
using Coupon.Contracts;
using Coupon.Hosting.Background;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;
using Coupon.Stock.Verification;
using MassTransit;

namespace Coupon.Api.Issuing.Sending;

internal static class SendingServices
{
    /// <summary>Adds the sending of accepted issuances to Kafka, and the relay of what the outboxes hold.</summary>
    public static IServiceCollection AddSending(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddValidated<ProducerOptions>("Producer")
            .Validate<VerificationOptions>(
                (producer, stock) => producer.MessageTimeout <= stock.LeaseBound,
                "Producer:MessageTimeout must not be above Stock:LeaseTime + Stock:ReplicaLag + 2 s: "
                    + "a verification gives this instance up then, and its numbers may be given to others."
            );
        services
            .AddValidated<IssuingOptions>("Issuing")
            .Validate(issuing => issuing.RelayGrace >= issuing.ConfirmTimeout, "Issuing:RelayGrace must not be below Issuing:ConfirmTimeout.")
            .Validate<ProducerOptions>(
                (issuing, producer) => issuing.RelayLease >= producer.MessageTimeout,
                "Issuing:RelayLease must not be below Producer:MessageTimeout."
            );

        // The bus needs these before the container exists. They are validated at start all the same.
        var topic = configuration.GetTopicNames().CouponIssued;
        var producer = configuration.GetSection("Producer").Get<ProducerOptions>() ?? new ProducerOptions();
        return services
            .AddSender(topic, producer.ToConfig(), KafkaClient.Configuration(configuration, "coupon-api"))
            .AddSingleton<OutboxLeases>()
            .AddTransient<RelayRounds>()
            .AddHostedSingleton<OutboxRelay>()
            .AddHostedSingleton<UnconfirmedRelay>();
    }

    /// <summary>
    /// Adds the sender alone, with a bus that has one producer. The bus's own transport is in memory, because MassTransit requires one; nothing is
    /// sent over it.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="topic">The topic of the messages.</param>
    /// <param name="producer">The settings of the producer.</param>
    /// <param name="client">How to reach Kafka.</param>
    public static IServiceCollection AddSender(this IServiceCollection services, string topic, ProducerConfig producer, ClientConfig client)
    {
        // Registered before the bus, so stopped after it: what Kafka acknowledges while the producer is flushed leaves the outbox too.
        services.AddHostedSingleton<OutboxRemovals>();
        services.AddOptions<MassTransitHostOptions>().Configure(host => host.WaitUntilStarted = true);
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddProducer<Null, CouponIssued>(topic, producer, (_, configurator) => configurator.SetHeadersSerializer(new SetHeaders()));
                rider.UsingKafka(client, (_, kafka) => kafka.Host(client.BootstrapServers));
            });
        });
        return services
            .AddSingleton<IssuingMetrics>()
            .AddSingleton<KafkaCircuitBreaker>()
            .AddSingleton<IssuanceProducer>()
            .AddSingleton<IssuanceSender>()
            .AddHostedSingleton<ConfirmTimeouts>();
    }
}

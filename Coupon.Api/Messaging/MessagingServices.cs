using Confluent.Kafka;
using Coupon.Api.Http;
using Coupon.Contracts;
using Coupon.Stock;
using MassTransit;

namespace Coupon.Api.Messaging;

internal static class MessagingServices
{
    /// <summary>
    /// The bus: one producer on the Kafka rider. The transport beside it is in memory, because MassTransit wants one; nothing is sent over it.
    /// </summary>
    public static void AddMessaging(this WebApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddValidated<ProducerOptions>("Producer");
        services.AddValidated<TopicNames>("Topics");
        services.AddSingleton<IssuanceProducer>();

        // Needed before the container exists; validated at start like all others.
        var topics = configuration.GetSection("Topics").Get<TopicNames>() ?? new TopicNames();
        var producer = configuration.GetSection("Producer").Get<ProducerOptions>() ?? new ProducerOptions();
        var kafkaClient = KafkaClient.Configuration(configuration, "coupon-api");

        services.AddOptions<MassTransitHostOptions>().Configure(host => host.WaitUntilStarted = true);
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddProducer<Null, CouponIssued>(topics.CouponIssued, producer.ToConfig(), (_, topic) =>
                    topic.SetHeadersSerializer(new SetHeaders())
                );
                rider.UsingKafka(kafkaClient, (_, kafka) => kafka.Host(kafkaClient.BootstrapServers));
            });
        });
    }
}

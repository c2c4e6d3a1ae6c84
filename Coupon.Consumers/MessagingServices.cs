using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Consumers.Records;
using Coupon.Contracts;
using Coupon.Hosting.Clients;
using Coupon.Hosting.Configuration;
using MassTransit;

namespace Coupon.Consumers;

/// <summary>The message bus: two topics, two consumer groups.</summary>
internal static class MessagingServices
{
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddMessaging(this IServiceCollection services, IConfiguration configuration) =>
        services
            .Configure<MassTransitHostOptions>(options => options.StopTimeout = _stopTimeout)
            .AddMassTransit(bus =>
            {
                bus.DisableUsageTelemetry();
                bus.UsingInMemory();
                bus.AddKafkaConsumers(configuration);
            });

    /// <summary>The consumers and their topics, for the bus of the process and for that of a test harness.</summary>
    public static void AddKafkaConsumers(this IBusRegistrationConfigurator bus, IConfiguration configuration) =>
        bus.AddRider(rider =>
        {
            rider.AddConsumer<CouponIssuedBatchConsumer, CouponIssuedBatchConsumerDefinition>();
            rider.AddConsumer<DeadLetterLedgerConsumer, DeadLetterLedgerConsumerDefinition>();
            rider.UsingKafka(KafkaClient.Configuration(configuration, KafkaSettings.ClientId), (context, kafka) => kafka.AddEndpoints(context));
        });

    private static void AddEndpoints(this IKafkaFactoryConfigurator kafka, IRiderRegistrationContext context)
    {
        var topics = context.GetRequiredService<TopicNames>();
        var groups = context.GetRequiredService<ConsumerGroupNames>();
        var batch = context.GetRequiredService<BatchSettings>();
        kafka.TopicEndpoint<byte[], CouponIssued>(topics.CouponIssued, groups.Persistence, endpoint =>
        {
            endpoint.ReadRaw();
            endpoint.SetValueDeserializer(new CouponIssuedDeserializer());
            endpoint.ConfigureFetch(batch.ConfigureFetch);
            endpoint.ConfigureConsumer<CouponIssuedBatchConsumer>(context);
        });
        kafka.TopicEndpoint<byte[], DeadLetterMessage>(topics.DeadLetters, groups.DeadLetterLedger, endpoint =>
        {
            endpoint.ReadRaw();
            endpoint.SetValueDeserializer(new DeadLetterMessage.Deserializer());
            endpoint.ConfigureConsumer<DeadLetterLedgerConsumer>(context);
        });
    }
}

using Confluent.Kafka;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Issuing;
using Coupon.Contracts;
using Coupon.Stock;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers;

/// <summary>The message bus: two topics, two consumer groups.</summary>
internal static class MessagingServices
{
    // The offsets committed last are what is read again after a crash: often enough that this is little, rarely enough that it costs nothing.
    private static readonly TimeSpan _checkpointInterval = TimeSpan.FromSeconds(1);

    // How long the partitions of a consumer that was killed stand still. Polling goes on while a batch is written, so a short one is safe.
    private static readonly TimeSpan _sessionTimeout = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddMessaging(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BatchSettings>().Bind(configuration.GetSection("Batch")).ValidateDataAnnotations().ValidateOnStart();
        services.Configure<MassTransitHostOptions>(options => options.StopTimeout = TimeSpan.FromSeconds(10));
        return services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddKafkaConsumers(configuration);
        });
    }

    /// <summary>The consumers and their topics, for the bus of the process and for that of a test harness.</summary>
    public static void AddKafkaConsumers(this IBusRegistrationConfigurator bus, IConfiguration configuration) =>
        bus.AddRider(rider =>
        {
            rider.AddConsumer<CouponIssuedBatchConsumer, CouponIssuedBatchConsumerDefinition>();
            rider.AddConsumer<DeadLetterLedgerConsumer, DeadLetterLedgerConsumerDefinition>();
            rider.UsingKafka(KafkaClient.Configuration(configuration, Names.KafkaClientId), (context, kafka) => kafka.AddEndpoints(context));
        });

    private static void AddEndpoints(this IKafkaFactoryConfigurator kafka, IRiderRegistrationContext context)
    {
        var topics = context.GetRequiredService<IOptions<TopicNames>>().Value;
        var groups = context.GetRequiredService<IOptions<ConsumerGroupNames>>().Value;
        var batch = context.GetRequiredService<IOptions<BatchSettings>>().Value;
        kafka.TopicEndpoint<byte[], CouponIssued>(topics.CouponIssued, groups.Persistence, endpoint =>
        {
            endpoint.ReadRaw();
            endpoint.SetValueDeserializer(new CouponIssuedDeserializer());
            endpoint.ConfigureFetch(batch.Gather);
            endpoint.ConfigureConsumer<CouponIssuedBatchConsumer>(context);
        });
        kafka.TopicEndpoint<byte[], DeadLetterMessage>(topics.DeadLetters, groups.DeadLetterLedger, endpoint =>
        {
            endpoint.ReadRaw();
            endpoint.SetValueDeserializer(new DeadLetterMessage.Deserializer());
            endpoint.ConfigureConsumer<DeadLetterLedgerConsumer>(context);
        });
    }

    /// <summary>How every topic is read: raw, from the beginning, committed often.</summary>
    public static void ReadRaw<T>(this IKafkaTopicReceiveEndpointConfigurator<byte[], T> endpoint)
        where T : class
    {
        // A group that is new begins at the beginning: what was accepted before it existed must be written too.
        endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
        endpoint.CheckpointInterval = _checkpointInterval;
        endpoint.SessionTimeout = _sessionTimeout;
        endpoint.SetKeyDeserializer(Deserializers.ByteArray);
        endpoint.SetHeadersDeserializer(new RawHeaders());
    }
}

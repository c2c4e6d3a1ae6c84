using Confluent.Kafka;

namespace Coupon.Consumers;

/// <summary>How Kafka is reached: <c>ConnectionStrings:Kafka</c>, and any further property of librdkafka (SASL, SSL …) under <c>Kafka:Client</c>.</summary>
internal static class KafkaClient
{
    public static ClientConfig Configuration(IConfiguration configuration)
    {
        var client = new ClientConfig { BootstrapServers = configuration.RequiredConnectionString("Kafka"), ClientId = "coupon-consumers" };
        foreach (var property in configuration.GetSection("Kafka:Client").GetChildren())
        {
            if (property.Value is { } value)
                client.Set(property.Key, value);
        }
        return client;
    }
}

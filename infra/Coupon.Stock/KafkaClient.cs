using Confluent.Kafka;
using Microsoft.Extensions.Configuration;

namespace Coupon.Stock;

/// <summary>
/// How every program reaches Kafka: <c>ConnectionStrings:Kafka</c>, and any further property of librdkafka (SASL, SSL …) under <c>Kafka:Client</c>.
/// An underscore
/// stands for the dot that shells do not let into the name of a variable: <c>Kafka__Client__security_protocol</c>.
/// </summary>
public static class KafkaClient
{
    /// <summary>What a producer, a consumer or an administrative client is made from.</summary>
    /// <param name="configuration">The settings of the program.</param>
    /// <param name="clientId">How the broker's logs name it, unless <c>Kafka:Client:client.id</c> does.</param>
    /// <exception cref="InvalidOperationException">No broker is configured; the message says how to.</exception>
    public static ClientConfig Configuration(IConfiguration configuration, string clientId)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var brokers = configuration.GetConnectionString("Kafka");
        if (string.IsNullOrEmpty(brokers))
            throw new InvalidOperationException("ConnectionStrings:Kafka is not configured (environment: ConnectionStrings__Kafka).");
        var client = new ClientConfig { BootstrapServers = brokers, ClientId = clientId };
        foreach (var property in configuration.GetSection("Kafka:Client").GetChildren())
        {
            if (property.Value is { } value)
                client.Set(property.Key.Replace('_', '.'), value);
        }

        return client;
    }
}

using Confluent.Kafka;
using Coupon.Hosting.Configuration;
using Microsoft.Extensions.Configuration;

namespace Coupon.Hosting.Clients;

/// <summary>
/// The settings with which every program reaches Kafka: <c>ConnectionStrings:Kafka</c>, and any further property of librdkafka (SASL, SSL …) under
/// <c>Kafka:Client</c>. An underscore stands for the dot, which shells do not allow in the name of a variable:
/// <c>Kafka__Client__security_protocol</c>.
/// </summary>
public static class KafkaClient
{
    /// <summary>Reads the settings that a producer, a consumer or an administrative client is made from.</summary>
    /// <param name="configuration">The settings of the program.</param>
    /// <param name="clientId">The program's name in the broker's logs, unless <c>Kafka:Client:client.id</c> gives another.</param>
    /// <exception cref="InvalidOperationException">No broker is configured; the message says how to.</exception>
    public static ClientConfig Configuration(IConfiguration configuration, string clientId)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var client = new ClientConfig { BootstrapServers = configuration.GetRequiredConnectionString("Kafka"), ClientId = clientId };
        foreach (var property in configuration.GetSection("Kafka:Client").GetChildren())
        {
            if (property.Value is { } value)
                client.Set(property.Key.Replace('_', '.'), value);
        }

        return client;
    }
}

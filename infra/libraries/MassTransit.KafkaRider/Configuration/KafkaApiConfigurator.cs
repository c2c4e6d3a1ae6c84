using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaApiConfigurator(ClientConfig client) : IKafkaApiConfigurator
{
    public bool? Request
    {
        set => client.ApiVersionRequest = value;
    }
    public TimeSpan? RequestTimeout
    {
        set => client.ApiVersionRequestTimeoutMs = Milliseconds.Of(value);
    }
    public TimeSpan? FallbackTimeout
    {
        set => client.ApiVersionFallbackMs = Milliseconds.Of(value);
    }
    public string? BrokerVersionFallback
    {
        set => client.BrokerVersionFallback = value;
    }
}

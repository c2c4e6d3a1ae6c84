namespace MassTransit;

/// <summary>How protocol versions are negotiated with brokers.</summary>
public interface IKafkaApiConfigurator
{
    /// <summary>Ask brokers for the versions they speak (<c>api.version.request</c>). Default: true.</summary>
    bool? Request { set; }

    /// <summary>How long to wait for the answer (<c>api.version.request.timeout.ms</c>). Default: 10 seconds.</summary>
    TimeSpan? RequestTimeout { set; }

    /// <summary>How long the fallback version is used after a request has failed (<c>api.version.fallback.ms</c>). Default: 0.</summary>
    TimeSpan? FallbackTimeout { set; }

    /// <summary>Broker version to assume where it cannot be asked (<c>broker.version.fallback</c>). Default: 0.10.0.</summary>
    string? BrokerVersionFallback { set; }
}

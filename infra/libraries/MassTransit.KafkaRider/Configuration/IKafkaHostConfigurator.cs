namespace MassTransit;

/// <summary>Configures how brokers are reached.</summary>
public interface IKafkaHostConfigurator
{
    /// <summary>Sets the TLS options. It does not switch TLS on: <see cref="IKafkaFactoryConfigurator.SecurityProtocol"/> does.</summary>
    void UseSsl(Action<IKafkaSslConfigurator> configure);

    /// <summary>Sets the SASL options.</summary>
    void UseSasl(Action<IKafkaSaslConfigurator> configure);

    /// <summary>
    /// How long a producer's polling thread waits before it looks whether it is to end (<c>dotnet.cancellation.delay.max.ms</c>, 1 ms to 10 s).
    /// Default: 100 ms. Consumers see a stop within 100 ms whatever it says.
    /// </summary>
    void CancellationDelay(TimeSpan timeSpan);
}

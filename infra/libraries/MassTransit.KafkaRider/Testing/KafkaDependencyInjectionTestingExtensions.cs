using Confluent.Kafka;
using MassTransit.Metadata;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MassTransit;

/// <summary>Prepares topics for tests.</summary>
public static class KafkaDependencyInjectionTestingExtensions
{
    /// <summary>
    /// Adds the client settings of a test's cluster, which <c>UsingKafka</c> without settings of its own begins from, and a hosted service that
    /// prepares the test's topics before the bus starts.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="clientConfig">Names the brokers.</param>
    /// <param name="configure">Names the topics.</param>
    /// <exception cref="ConfigurationException">MassTransit was added before: its bus would start before the topics are there.</exception>
    public static IServiceCollection ConfigureKafkaTestOptions(
        this IServiceCollection services,
        ClientConfig clientConfig,
        Action<KafkaTestHarnessOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(clientConfig);
        if (services.Any(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(MassTransitHostedService)))
            throw new ConfigurationException("ConfigureKafkaTestOptions comes before AddMassTransit.");
        services.AddSingleton(clientConfig);
        services.AddSingleton(provider => new AdminClientBuilder(new AdminClientConfig(provider.GetRequiredService<ClientConfig>())).Build());
        services.AddOptions<KafkaTestHarnessOptions>().Configure(options => configure?.Invoke(options));
        services.AddHostedService<KafkaTestHarnessHostedService>();
        return services;
    }

    /// <summary>The same for a broker at <c>localhost:9092</c>, or at <c>broker:9092</c> where the test runs in a container.</summary>
    /// <param name="services">The container.</param>
    /// <param name="configure">Names the topics.</param>
    public static IServiceCollection ConfigureKafkaTestOptions(this IServiceCollection services, Action<KafkaTestHarnessOptions>? configure = null) =>
        services.ConfigureKafkaTestOptions(
            new ClientConfig { BootstrapServers = HostMetadataCache.IsRunningInContainer ? "broker:9092" : "localhost:9092" },
            configure
        );
}

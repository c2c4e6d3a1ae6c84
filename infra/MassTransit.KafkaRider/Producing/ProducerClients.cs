using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.KafkaIntegration.Configuration;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>One client for each distinct set of settings, made when it is first produced with.</summary>
internal sealed class ProducerClients(KafkaFactoryConfigurator rider, IHostConfiguration host)
{
    private readonly ConcurrentDictionary<string, ProducerClient> _clients = new();

    /// <summary>Why a client finds no broker; null where all do.</summary>
    public Error? FindLost() => _clients.Values.Select(client => client.CheckBrokers()).FirstOrDefault(error => error is not null);

    public ProducerClient Get(ProducerConfig settings, Action<string>? statisticsHandler)
    {
        // A statistics handler belongs to one producer, so its client is not shared.
        var key = string.Join('\n', settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key}={setting.Value}"))
            + (statisticsHandler is null ? "" : $"\n{Guid.NewGuid()}");
        return _clients.GetOrAdd(key, _ => new ProducerClient(settings, statisticsHandler, rider.TokenRefreshHandler, host));
    }

    /// <summary>Delivers what is queued, within a bound, and closes. They open again when the bus is started again.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_clients.Values.Select(client => client.StopAsync(cancellationToken)));
}

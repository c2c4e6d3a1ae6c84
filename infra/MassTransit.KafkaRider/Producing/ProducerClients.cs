using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.KafkaIntegration.Configuration;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>One client for each distinct set of settings, made when it is first produced with.</summary>
internal sealed class ProducerClients(KafkaFactoryConfigurator rider, IHostConfiguration host)
{
    private readonly ConcurrentDictionary<string, ProducerClient> _clients = new();

    /// <summary>What keeps a client from delivering; null where nothing does.</summary>
    public string? FindFault() => _clients.Values.Select(client => client.FindFault()).FirstOrDefault(fault => fault is not null);

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

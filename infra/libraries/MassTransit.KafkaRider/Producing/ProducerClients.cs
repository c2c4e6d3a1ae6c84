using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.KafkaIntegration.Configuration;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>One client for each distinct set of settings, made when it is first produced with.</summary>
internal sealed class ProducerClients(RiderSettings rider, IHostConfiguration host)
{
    private readonly ConcurrentDictionary<string, ProducerClient> _clients = new();
    private readonly Lock _stopping = new();
    private bool _isStopped;

    /// <summary>What keeps a client from delivering; null where nothing does.</summary>
    public string? FindFault() => _clients.Values.Select(client => client.FindFault()).FirstOrDefault(fault => fault is not null);

    public ProducerClient Get(ProducerConfig settings, Action<string>? statisticsHandler)
    {
        // A statistics handler belongs to one producer, so its client is not shared.
        var key =
            string.Join('\n', settings.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => $"{setting.Key}={setting.Value}"))
            + (statisticsHandler is null ? "" : $"\n{Guid.NewGuid()}");
        lock (_stopping)
        {
            var client = _clients.GetOrAdd(key, _ => new ProducerClient(settings, statisticsHandler, rider.TokenRefreshHandler, host, rider.Time));
            if (_isStopped)
                client.Refuse();
            return client;
        }
    }

    /// <summary>The bus starts, perhaps again.</summary>
    public void Start()
    {
        lock (_stopping)
        {
            _isStopped = false;
            foreach (var client in _clients.Values)
                client.Start();
        }
    }

    /// <summary>Delivers what is queued, within a bound, and closes. They refuse what comes until the bus is started again.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_stopping)
        {
            _isStopped = true;
            return Task.WhenAll(_clients.Values.Select(client => client.StopAsync(cancellationToken)));
        }
    }
}

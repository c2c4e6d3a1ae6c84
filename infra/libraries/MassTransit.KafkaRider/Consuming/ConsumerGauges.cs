using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What is measured of all consumers of this process, on the meter of <see cref="RiderMetrics"/>.</summary>
internal static class ConsumerGauges
{
    private static readonly ConcurrentDictionary<LagMeter, bool> _clients = new();

    private static readonly ConcurrentDictionary<ClientState, bool> _states = new();

    // Listeners keep the last value of a series that is not measured any more, so one that is over is measured as nothing.
    private static readonly ConcurrentDictionary<(string Group, string Topic, int Partition), bool> _partitions = new();

    static ConsumerGauges()
    {
        RiderMetrics.Meter.CreateObservableGauge(
            "messaging.masstransit.kafka.lag",
            () => Measure(static (client, partition) => client.Lag(partition)),
            "{message}",
            "Messages of a partition that are not handled yet"
        );
        RiderMetrics.Meter.CreateObservableGauge(
            "messaging.masstransit.kafka.oldest_uncommitted_age",
            () => Measure(static (_, partition) => LagMeter.Age(partition)),
            "s",
            "How long ago the first message of a partition that is not handled was produced"
        );
        RiderMetrics.Meter.CreateObservableGauge(
            "messaging.masstransit.kafka.unassigned_time",
            Unassigned,
            "s",
            "How long a consumer has had no assignment; 0 while it has one"
        );
    }

    public static void Add(LagMeter client) => _clients[client] = true;

    public static void Remove(LagMeter client) => _clients.TryRemove(client, out _);

    public static void Add(ClientState state) => _states[state] = true;

    public static void Remove(ClientState state) => _states.TryRemove(state, out _);

    private static List<Measurement<T>> Measure<T>(Func<LagMeter, AssignedPartition, T?> measure)
        where T : struct
    {
        List<Measurement<T>> measured = [];
        HashSet<(string, string, int)> current = [];
        foreach (var client in _clients.Keys)
        {
            foreach (var partition in client.Partitions)
            {
                var key = (client.Group, partition.Partition.Topic, partition.Number);
                if (measure(client, partition) is not { } value || !current.Add(key))
                    continue;
                _partitions.TryAdd(key, true);
                measured.Add(Of(value, key));
            }
        }

        measured.AddRange(_partitions.Keys.Where(key => !current.Contains(key)).Select(key => Of(default(T), key)));
        return measured;
    }

    private static Measurement<T> Of<T>(T value, (string Group, string Topic, int Partition) of)
        where T : struct =>
        new(
            value,
            new("messaging.kafka.topic", of.Topic),
            new("messaging.kafka.partition", of.Partition),
            new("messaging.kafka.consumer.group", of.Group)
        );

    private static IEnumerable<Measurement<double>> Unassigned() =>
        _states
            .Keys.GroupBy(client => (client.Group, client.Topic))
            .Select(clients => new Measurement<double>(
                clients.Max(client => client.NotJoinedFor.TotalSeconds),
                new("messaging.kafka.topic", clients.Key.Topic),
                new("messaging.kafka.consumer.group", clients.Key.Group)
            ));
}

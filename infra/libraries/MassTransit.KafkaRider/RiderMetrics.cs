using System.Diagnostics.Metrics;
using MassTransit.Monitoring;

namespace MassTransit.KafkaIntegration;

/// <summary>
/// The rider's instruments, on MassTransit's meter. They belong to the process: a meter that is disposed takes the instruments of all others of its
/// name with it, as far as listeners see (OpenTelemetry keeps one metric for each name), so none belongs to a client or a bus.
/// </summary>
internal static class RiderMetrics
{
    /// <summary>The one meter of the rider. Never disposed.</summary>
    public static Meter Meter { get; } = new(InstrumentationOptions.MeterName);

    private static readonly Counter<long> _replaced = Meter.CreateCounter<long>(
        "messaging.masstransit.kafka.clients_replaced",
        "{client}",
        "Clients that were given up because they did not get on while a broker answered"
    );

    /// <summary>A consumer was given up.</summary>
    public static void ConsumerReplaced(string topic, string group) =>
        _replaced.Add(1, new("kind", "consumer"), new("messaging.kafka.topic", topic), new("messaging.kafka.consumer.group", group));

    /// <summary>A producer was given up.</summary>
    public static void ProducerReplaced() => _replaced.Add(1, new KeyValuePair<string, object?>("kind", "producer"));
}

using System.Diagnostics.Metrics;
using MassTransit.Monitoring;

namespace Coupon.Tests.KafkaRider;

/// <summary>What a listener of MassTransit's meter is told, of one topic.</summary>
public sealed class MeasuredMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, double> _last = [];
    private readonly Dictionary<string, double> _sums = [];

    public MeasuredMetrics(string topic)
    {
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (
                instrument.Meter.Name == InstrumentationOptions.MeterName
                && instrument.Name.StartsWith("messaging.masstransit.kafka.", StringComparison.Ordinal)
            )
                self.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(topic, instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(topic, instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Measures now; null where nobody shows it. Of several partitions the sum.</summary>
    public double? Observe(string name)
    {
        lock (_lock)
        {
            _last.Clear();
            _listener.RecordObservableInstruments();
            return _last.TryGetValue($"messaging.masstransit.kafka.{name}", out var value) ? value : null;
        }
    }

    /// <summary>The sum of all that was counted.</summary>
    public double Counted(string name)
    {
        lock (_lock)
            return _sums.GetValueOrDefault($"messaging.masstransit.kafka.{name}");
    }

    public void Dispose() => _listener.Dispose();

    private void Note(string topic, Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Value as string != topic)
                continue;
            lock (_lock)
            {
                _last[instrument.Name] = _last.GetValueOrDefault(instrument.Name) + value;
                _sums[instrument.Name] = _sums.GetValueOrDefault(instrument.Name) + value;
            }

            return;
        }
    }
}

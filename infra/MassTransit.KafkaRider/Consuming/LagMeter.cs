using System.Diagnostics.Metrics;
using Confluent.Kafka;
using MassTransit.Monitoring;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// How many messages of each partition are not done yet: a gauge on MassTransit's meter, <c>messaging.masstransit.kafka.lag</c>, with topic, partition and
/// group.
/// </summary>
internal sealed class LagMeter
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);

    private readonly Meter _meter = new(InstrumentationOptions.MeterName);
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly PartitionAssignment _assignment;
    private readonly Lock _measuring = new();
    private volatile bool _isClosed;
    private long _askedAt = TimeProvider.System.GetTimestamp();
    private Task _asking = Task.CompletedTask;

    public LagMeter(IConsumer<byte[], byte[]> consumer, PartitionAssignment assignment, string groupId)
    {
        _consumer = consumer;
        _assignment = assignment;
        _meter.CreateObservableGauge("messaging.masstransit.kafka.lag", () => Measure(groupId), "{message}",
            "Messages of a partition that are not handled yet");
    }

    /// <summary>A paused partition is not fetched, so its end is asked for: the lag grows while a consumer cannot get on. Does not wait for the answer.</summary>
    public void Look()
    {
        if (!_asking.IsCompleted || TimeProvider.System.GetElapsedTime(_askedAt) < _interval) return;
        _askedAt = TimeProvider.System.GetTimestamp();
        AssignedPartition[] paused = [.. _assignment.Partitions.Where(partition => partition.IsPaused)];
        if (paused.Length > 0) _asking = Task.Run(() => Ask(paused));
    }

    /// <summary>Ends when nobody asks the client any more.</summary>
    public Task Close()
    {
        lock (_measuring) _isClosed = true;
        _meter.Dispose();
        return _asking;
    }

    private void Ask(AssignedPartition[] partitions)
    {
        try
        {
            foreach (var partition in partitions.TakeWhile(_ => !_isClosed))
                partition.KnownEnd = _consumer.QueryWatermarkOffsets(partition.Partition, _timeout).High.Value;
        }
        catch (KafkaException)
        {
            // No broker answers: asked again in a while.
        }
    }

    private IEnumerable<Measurement<long>> Measure(string groupId)
    {
        foreach (var partition in _assignment.Partitions)
        {
            if (Lag(partition) is not { } lag) continue;
            yield return new Measurement<long>(lag,
                new("messaging.kafka.topic", partition.Partition.Topic),
                new("messaging.kafka.partition", partition.Partition.Partition.Value),
                new("messaging.kafka.consumer.group", groupId));
        }
    }

    /// <summary>Runs on the thread of whoever collects metrics, which may be inside the client only while it is open.</summary>
    private long? Lag(AssignedPartition partition)
    {
        lock (_measuring)
        {
            if (_isClosed) return null;
            try
            {
                var watermarks = _consumer.GetWatermarkOffsets(partition.Partition);
                var end = Math.Max(watermarks.High.Value, partition.KnownEnd);
                return end < 0 || partition.Offsets.Next is not { } next ? null : Math.Max(0, end - next);
            }
            catch (KafkaException)
            {
                return null;
            }
        }
    }
}

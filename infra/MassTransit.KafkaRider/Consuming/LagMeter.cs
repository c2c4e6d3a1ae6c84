using System.Diagnostics.Metrics;
using Confluent.Kafka;
using MassTransit.Monitoring;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// How many messages of each partition are not done yet: a gauge on MassTransit's meter, <c>messaging.masstransit.kafka.lag</c>, with topic, partition and
/// group.
/// </summary>
internal sealed class LagMeter : IDisposable
{
    private readonly Meter _meter = new(InstrumentationOptions.MeterName);

    public LagMeter(IConsumer<byte[], byte[]> consumer, PartitionAssignment assignment, string groupId) =>
        _meter.CreateObservableGauge("messaging.masstransit.kafka.lag", () => Measure(consumer, assignment, groupId), "{message}",
            "Messages of a partition that are not handled yet");

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Measure(IConsumer<byte[], byte[]> consumer, PartitionAssignment assignment, string groupId)
    {
        foreach (var partition in assignment.Partitions)
        {
            if (Lag(consumer, partition) is not { } lag) continue;
            yield return new Measurement<long>(lag,
                new("messaging.kafka.topic", partition.Partition.Topic),
                new("messaging.kafka.partition", partition.Partition.Partition.Value),
                new("messaging.kafka.consumer.group", groupId));
        }
    }

    private static long? Lag(IConsumer<byte[], byte[]> consumer, AssignedPartition partition)
    {
        try
        {
            var watermarks = consumer.GetWatermarkOffsets(partition.Partition);
            return watermarks.High.Value < 0 || partition.Offsets.Next is not { } next ? null : Math.Max(0, watermarks.High.Value - next);
        }
        catch (KafkaException)
        {
            return null;
        }
    }
}

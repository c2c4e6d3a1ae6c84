using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What is measured of the partitions of one client: how many messages are not done yet, and how old the first of them is.</summary>
internal sealed class LagMeter
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly PartitionAssignment _assignment;
    private readonly Lock _measuring = new();
    private volatile bool _isClosed;
    private long _askedAt = TimeProvider.System.GetTimestamp();
    private Task _asking = Task.CompletedTask;

    public LagMeter(IConsumer<byte[], byte[]> consumer, PartitionAssignment assignment, ConsumerSettings settings)
    {
        _consumer = consumer;
        _assignment = assignment;
        Group = settings.Client.GroupId;
        ConsumerGauges.Add(this);
    }

    public string Group { get; }

    public AssignedPartition[] Partitions => _assignment.Partitions;

    /// <summary>
    /// A paused partition is not fetched, so its end is asked for: the lag grows while a consumer cannot get on. Does not wait for the answer.
    /// </summary>
    public void Look()
    {
        if (!_asking.IsCompleted || TimeProvider.System.GetElapsedTime(_askedAt) < _interval)
            return;
        _askedAt = TimeProvider.System.GetTimestamp();
        AssignedPartition[] paused = [.. _assignment.Partitions.Where(partition => partition.IsPaused)];
        if (paused.Length > 0)
            _asking = Task.Run(() => Ask(paused));
    }

    /// <summary>Ends when nobody asks the client any more.</summary>
    public Task Close()
    {
        ConsumerGauges.Remove(this);
        lock (_measuring)
            _isClosed = true;
        return _asking;
    }

    /// <summary>Runs on the thread of whoever collects metrics, which may be inside the client only while it is open.</summary>
    public long? Lag(AssignedPartition partition)
    {
        lock (_measuring)
        {
            if (_isClosed)
                return null;
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

    /// <summary>In seconds; zero where no message waits, or it does not say when it was produced.</summary>
    public static double? Age(AssignedPartition partition) =>
        partition.Offsets.Oldest?.ProducedAt is { } produced ? Math.Max(0, (TimeProvider.System.GetUtcNow().UtcDateTime - produced).TotalSeconds) : 0;

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
}

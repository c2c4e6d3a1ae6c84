using System.Globalization;
using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>The partitions that a client has. Changed by its polling thread only.</summary>
/// <param name="onlyTopic">
/// The one topic of all, where the client does not say a record's; null where it does: with a pattern, there are several.
/// </param>
internal sealed class PartitionAssignment(string? onlyTopic)
{
    private readonly Dictionary<(string Topic, int Partition), AssignedPartition> _byPartition = [];
    private volatile AssignedPartition[] _all = [];

    // The client keeps a partition paused while it is gone: given back, it stands still until it is resumed. One that is not paused must not be
    // resumed either, because the client would read again what it has already handed out.
    private readonly HashSet<TopicPartition> _paused = [];

    /// <summary>Never changed, but replaced: any thread may go through it.</summary>
    public AssignedPartition[] Partitions => _all;

    public AssignedPartition? Find(string? topic, Partition partition) =>
        (onlyTopic ?? topic) is { } name ? _byPartition.GetValueOrDefault((name, partition.Value)) : null;

    /// <summary>For messages: the number is enough where there is one topic.</summary>
    public string NameOf(AssignedPartition partition) =>
        (onlyTopic is null ? $"{partition.Partition.Topic}/" : "") + partition.Number.ToString(CultureInfo.InvariantCulture);

    public AssignedPartition[] Of(IEnumerable<TopicPartition> partitions) =>
        [.. partitions.Select(partition => _byPartition.GetValueOrDefault(Key(partition))).OfType<AssignedPartition>()];

    public void Add(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
            _byPartition[Key(partition)] = new AssignedPartition(partition) { IsPaused = _paused.Contains(partition) };
        _all = [.. _byPartition.Values];
    }

    public void Remove(IEnumerable<AssignedPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            partition.Leave();
            _byPartition.Remove(Key(partition.Partition));
        }

        _all = [.. _byPartition.Values];
    }

    public void PauseAll(IConsumer<byte[], byte[]> consumer) => SetPauses(consumer, _ => true);

    public void SetPauses(IConsumer<byte[], byte[]> consumer, Func<AssignedPartition, bool> isFull)
    {
        List<TopicPartition>? pause = null;
        List<TopicPartition>? resume = null;
        foreach (var partition in _all)
        {
            var full = isFull(partition);
            if (full == partition.IsPaused)
                continue;
            partition.IsPaused = full;
            (full ? pause ??= [] : resume ??= []).Add(partition.Partition);
        }

        if (pause is not null)
        {
            consumer.Pause(pause);
            _paused.UnionWith(pause);
        }

        if (resume is not null)
        {
            consumer.Resume(resume);
            _paused.ExceptWith(resume);
        }
    }

    private static (string Topic, int Partition) Key(TopicPartition partition) => (partition.Topic, partition.Partition.Value);
}

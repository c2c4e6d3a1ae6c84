namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>The buffers of an endpoint's batches: one, or one for each group where batches are grouped. Used by the polling thread only.</summary>
/// <param name="limits">When a batch is full or due.</param>
/// <param name="capacity">How many records all buffers hold.</param>
/// <param name="groupOf">The group of a record; null where batches are not grouped.</param>
internal sealed class BatchBuffers<TValue>(BatchLimits limits, int capacity, Func<KafkaRecord<TValue>, object?>? groupOf)
    where TValue : class
{
    private static readonly object _noGroup = new();

    private readonly Dictionary<object, BatchBuffer<TValue>> _buffers = [];
    private BatchBuffer<TValue>? _ungrouped;

    public int Count { get; private set; }

    public bool HasRoom => Count < capacity;

    public void Add(KafkaRecord<TValue> record)
    {
        BufferOf(record).Add(record);
        Count++;
    }

    public void PutBack(IEnumerable<KafkaRecord<TValue>> records)
    {
        foreach (var group in records.GroupBy(BufferOf))
        {
            var theirs = group.ToList();
            group.Key.PutBack(theirs);
            Count += theirs.Count;
        }
    }

    public void RemoveGone()
    {
        foreach (var buffer in _buffers.Values)
            Count -= buffer.Records.RemoveAll(record => record.Partition.IsGone);
        Forget();
    }

    /// <summary>
    /// The buffer that makes the next batch: a full one first, then one that is due; one that is neither only where there is no more room.
    /// </summary>
    /// <param name="due">After how long the next one is, where none is yet.</param>
    public BatchBuffer<TValue>? Next(out TimeSpan due)
    {
        due = Timeout.InfiniteTimeSpan;
        BatchBuffer<TValue>? next = null;
        foreach (var buffer in _buffers.Values)
        {
            if (buffer.IsFull)
                return buffer;
            if (buffer.Records.Count == 0)
                continue;
            var dueIn = buffer.DueIn;
            if (next is not null && dueIn >= due)
                continue;
            (next, due) = (buffer, dueIn);
        }

        return due <= TimeSpan.Zero || !HasRoom ? next : null;
    }

    public RunningBatch<TKey, TValue> Take<TKey>(BatchBuffer<TValue> buffer, long number)
    {
        var batch = buffer.Take<TKey>(number);
        Count -= batch.Records.Count;
        Forget();
        return batch;
    }

    private BatchBuffer<TValue> BufferOf(KafkaRecord<TValue> record)
    {
        if (groupOf is null)
            return _ungrouped ??= BufferOf(_noGroup);
        return BufferOf(groupOf(record) ?? _noGroup);
    }

    private BatchBuffer<TValue> BufferOf(object group)
    {
        if (_buffers.TryGetValue(group, out var known))
            return known;
        var buffer = new BatchBuffer<TValue>(limits);
        _buffers.Add(group, buffer);
        return buffer;
    }

    /// <summary>Groups may be as many as there are users: one without records is not kept.</summary>
    private void Forget()
    {
        if (groupOf is null)
            return;
        foreach (var (group, buffer) in _buffers)
        {
            if (buffer.Records.Count == 0)
                _buffers.Remove(group);
        }
    }
}

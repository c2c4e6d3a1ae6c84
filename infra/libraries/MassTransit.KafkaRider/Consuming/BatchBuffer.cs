namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Records that wait for their batch.</summary>
internal sealed class BatchBuffer<TValue>(BatchLimits limits)
    where TValue : class
{
    // What a batch says of itself, and what its time limit goes by: the wall clock may be set.
    private DateTime _first;
    private long _firstAt;
    private long _lastAt;

    public List<KafkaRecord<TValue>> Records { get; private set; } = [];

    public bool IsFull => Records.Count >= limits.Messages;

    public TimeSpan DueIn => limits.Time - TimeProvider.System.GetElapsedTime(limits.TimeFromLast ? _lastAt : _firstAt);

    private static DateTime _now => TimeProvider.System.GetUtcNow().UtcDateTime;

    public void Add(KafkaRecord<TValue> record)
    {
        if (Records.Count == 0)
            BeginTime();
        else if (limits.TimeFromLast)
            _lastAt = TimeProvider.System.GetTimestamp();
        Records.Add(record);
    }

    /// <summary>They were given up and come first in the next batch.</summary>
    public void PutBack(IEnumerable<KafkaRecord<TValue>> records)
    {
        if (Records.Count == 0)
            BeginTime();
        Records.InsertRange(0, records);
    }

    /// <summary>Takes a batch: all, or as many as it may have.</summary>
    public RunningBatch<TKey, TValue> Take<TKey>(long number)
    {
        List<KafkaRecord<TValue>> records;
        var mode = IsFull ? BatchCompletionMode.Size : BatchCompletionMode.Time;
        if (Records.Count <= limits.Messages)
        {
            records = Records;
            Records = new List<KafkaRecord<TValue>>(Math.Min(limits.Messages, records.Capacity));
        }
        else
        {
            records = Records.GetRange(0, limits.Messages);
            Records.RemoveRange(0, limits.Messages);
        }

        var batch = new RunningBatch<TKey, TValue>(number, records, mode, _first, _now);
        BeginTime();
        return batch;
    }

    private void BeginTime()
    {
        _first = _now;
        _firstAt = _lastAt = TimeProvider.System.GetTimestamp();
    }
}

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Batches straight from the poll loop: full ones while there is a backlog, whatever the keys, and due ones while there is not.</summary>
internal sealed class BatchPath<TKey, TValue>(KafkaEndpointContext<TKey, TValue> endpoint, Redelivery redelivery, BatchLimits limits,
    BatchDelivery<TKey, TValue> delivery, AbandonedAttempts abandoned) : IRecordPath<TValue>
    where TValue : class
{
    private readonly List<RunningBatch<TKey, TValue>> _running = [];
    private List<KafkaRecord<TValue>> _buffer = [];

    // What a batch says of itself, and what its time limit goes by: the wall clock may be set.
    private DateTime _first;
    private long _firstAt;
    private long _lastAt;
    private bool _isStopping;
    private long _started;

    public bool HasRoom => _buffer.Count < limits.Messages;

    public bool IsBusy => _running.Count > 0;

    public ManualResetEventSlim Progress { get; } = new();

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    public void Accept(KafkaRecord<TValue> record)
    {
        if (_buffer.Count == 0) BeginTime();
        else if (limits.TimeFromLast) _lastAt = TimeProvider.System.GetTimestamp();
        _buffer.Add(record);
    }

    public bool IsFull(AssignedPartition partition) => !HasRoom;

    public TimeSpan Pump()
    {
        Progress.Reset();
        Reap();
        while (!_isStopping && _buffer.Count > 0 && MayStart())
        {
            var due = DueIn();
            if (_buffer.Count < limits.Messages && due > TimeSpan.Zero) return due;
            Start();
        }

        return Timeout.InfiniteTimeSpan;
    }

    public void Retire(IReadOnlyCollection<AssignedPartition> partitions, TimeSpan timeout, CancellationToken stopBy)
    {
        RunningBatch<TKey, TValue>[] theirs = [.. _running.Where(batch => batch.Records.Exists(record => partitions.Contains(record.Partition)))];
        foreach (var batch in theirs) batch.Interrupt();
        Deadline.Wait(() => Array.TrueForAll(theirs, batch => batch.Delivered.IsCompleted), Progress, timeout, stopBy);
    }

    public void Leave(IReadOnlyCollection<AssignedPartition> partitions)
    {
        _buffer.RemoveAll(record => record.Partition.IsGone);
        foreach (var batch in _running.Where(batch => batch.Records.Exists(record => record.Partition.IsGone)))
        {
            batch.Interrupt();
            batch.Cancel();
            foreach (var partition in partitions.Where(partition => batch.Records.Exists(record => record.Partition == partition)))
                abandoned.Add(partition, batch.Delivered);
        }
    }

    public void Stop()
    {
        _isStopping = true;
        foreach (var batch in _running) batch.Interrupt();
    }

    public void Cancel()
    {
        foreach (var batch in _running) batch.Cancel();
    }

    // Those under way are neighbours: where one does not get on, the endpoint does not run ahead of it, and what a crash would bring again stays bounded.
    private bool MayStart() => (_running.Count == 0 || _started - _running[0].Number < limits.Concurrent) && !IsStillHandled();

    /// <summary>Whether a partition of the buffer went and came back, and an attempt of before has not ended: its messages may be the same.</summary>
    private bool IsStillHandled()
    {
        if (!abandoned.Any) return false;
        foreach (var record in _buffer)
        {
            if (!abandoned.EndOf(record.Partition).IsCompleted) return true;
        }

        return false;
    }

    private TimeSpan DueIn() => limits.Time - TimeProvider.System.GetElapsedTime(limits.TimeFromLast ? _lastAt : _firstAt);

    private void BeginTime()
    {
        _first = Now;
        _firstAt = _lastAt = TimeProvider.System.GetTimestamp();
    }

    private void Start()
    {
        List<KafkaRecord<TValue>> records;
        var mode = BatchCompletionMode.Time;
        if (_buffer.Count <= limits.Messages)
        {
            if (_buffer.Count == limits.Messages) mode = BatchCompletionMode.Size;
            records = _buffer;
            _buffer = new List<KafkaRecord<TValue>>(Math.Min(limits.Messages, records.Capacity));
        }
        else
        {
            mode = BatchCompletionMode.Size;
            records = _buffer.GetRange(0, limits.Messages);
            _buffer.RemoveRange(0, limits.Messages);
        }

        var batch = new RunningBatch<TKey, TValue>(_started++, records, mode, _first, Now);
        batch.Delivered = Task.Run(() => Deliver(batch));

        // After it has ended, not while it is ending: who is woken looks whether it has.
        batch.Delivered.ContinueWith(static (_, progress) => ((ManualResetEventSlim)progress!).Set(), Progress, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _running.Add(batch);
        BeginTime();
    }

    private async Task<bool> Deliver(RunningBatch<TKey, TValue> batch)
    {
        LogContext.SetCurrentIfNull(endpoint.LogContext);
        var delivered = await redelivery.Deliver(attempt => delivery.Deliver(batch, attempt > 0), batch.Describe, failed: null, batch.Interrupted).ConfigureAwait(false);
        if (!delivered) return false;
        KafkaRecord<TValue>.Complete(batch.Records);
        return true;
    }

    /// <summary>What was given up of partitions that are still here comes first in the next batch.</summary>
    private void Reap()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            var batch = _running[i];
            if (!batch.Delivered.IsCompleted) continue;
            _running.RemoveAt(i);
            batch.Dispose();
            if (!batch.Delivered.GetAwaiter().GetResult()) _buffer.InsertRange(0, batch.Records.Where(record => !record.Partition.IsGone));
        }
    }
}

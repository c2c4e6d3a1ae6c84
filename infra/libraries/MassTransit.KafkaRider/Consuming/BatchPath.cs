namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Batches straight from the poll loop: full ones while there is a backlog, whatever the keys, and due ones while there is not.</summary>
internal sealed class BatchPath<TKey, TValue>(
    KafkaEndpointContext<TKey, TValue> endpoint,
    Redelivery redelivery,
    BatchLimits limits,
    BatchDelivery<TKey, TValue> delivery,
    AbandonedAttempts abandoned,
    BatchBuffers<TValue> waiting
) : IRecordPath<TValue>
    where TValue : class
{
    private readonly List<RunningBatch<TKey, TValue>> _running = [];
    private bool _isStopping;
    private long _started;

    public bool HasRoom => waiting.HasRoom;

    public bool IsBusy => _running.Count > 0;

    public ManualResetEventSlim Progress { get; } = new();

    public void Accept(KafkaRecord<TValue> record) => waiting.Add(record);

    public bool IsFull(AssignedPartition partition) => !HasRoom;

    public TimeSpan Pump()
    {
        Progress.Reset();
        Reap();
        while (!_isStopping && waiting.Count > 0 && MayStart())
        {
            if (waiting.Next(out var due) is not { } next)
                return due;
            if (IsStillHandled(next))
                break;
            Start(next);
        }

        return Timeout.InfiniteTimeSpan;
    }

    public void Retire(IReadOnlyCollection<AssignedPartition> partitions, TimeSpan timeout, CancellationToken stopBy)
    {
        RunningBatch<TKey, TValue>[] theirs = [.. _running.Where(batch => batch.Records.Exists(record => partitions.Contains(record.Partition)))];
        foreach (var batch in theirs)
            batch.Interrupt();
        Deadline.Wait(() => Array.TrueForAll(theirs, batch => batch.Delivered.IsCompleted), Progress, timeout, stopBy);
    }

    public void Leave(IReadOnlyCollection<AssignedPartition> partitions)
    {
        waiting.RemoveGone();
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
        foreach (var batch in _running)
            batch.Interrupt();
    }

    public void Cancel()
    {
        foreach (var batch in _running)
            batch.Cancel();
    }

    // Those under way are neighbours: where one does not get on, the endpoint does not run ahead of it, and what a crash would bring again stays
    // bounded.
    private bool MayStart() => _running.Count == 0 || _started - _running[0].Number < limits.Concurrent;

    /// <summary>Whether a partition of the buffer went and came back, and an attempt of before has not ended: its messages may be the same.</summary>
    private bool IsStillHandled(BatchBuffer<TValue> buffer)
    {
        if (!abandoned.Any)
            return false;
        foreach (var record in buffer.Records)
        {
            if (!abandoned.EndOf(record.Partition).IsCompleted)
                return true;
        }

        return false;
    }

    private void Start(BatchBuffer<TValue> buffer)
    {
        var batch = waiting.Take<TKey>(buffer, _started++);
        batch.Delivered = Task.Run(() => Deliver(batch));

        // After it has ended, not while it is ending: who is woken looks whether it has.
        batch.Delivered.ContinueWith(
            static (_, progress) => ((ManualResetEventSlim)progress!).Set(),
            Progress,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        _running.Add(batch);
    }

    private async Task<bool> Deliver(RunningBatch<TKey, TValue> batch)
    {
        LogContext.SetCurrentIfNull(endpoint.LogContext);
        var delivered = await redelivery
            .Deliver(attempt => delivery.Deliver(batch, attempt), batch.Describe, failed: null, batch.Interrupted)
            .ConfigureAwait(false);
        if (!delivered)
            return false;
        KafkaRecord<TValue>.Complete(batch.Records);
        return true;
    }

    /// <summary>What was given up of partitions that are still here comes first in the next batch.</summary>
    private void Reap()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            var batch = _running[i];
            if (!batch.Delivered.IsCompleted)
                continue;
            _running.RemoveAt(i);
            batch.Dispose();
            if (!batch.Delivered.GetAwaiter().GetResult())
                waiting.PutBack(batch.Records.Where(record => !record.Partition.IsGone));
        }
    }
}

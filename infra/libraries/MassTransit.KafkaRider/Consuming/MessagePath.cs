using System.Runtime.ExceptionServices;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// One message after the other, in order within a partition; partitions beside each other, as far as <c>ConcurrentMessageLimit</c> goes. A partition
/// that fails waits for itself alone.
/// </summary>
internal sealed class MessagePath<TKey, TValue>(MessageDelivery<TKey, TValue> delivery, ConsumerSettings settings, AbandonedAttempts abandoned)
    : IRecordPath<TValue>
    where TValue : class
{
    private readonly Dictionary<AssignedPartition, MessageLane<TKey, TValue>> _lanes = [];
    private readonly SemaphoreSlim _slots = new(settings.ConcurrentMessages);

    /// <summary>
    /// What partitions hold that are paused, or are about to be, does not count: one that does not get on, or several, must not take the places of
    /// the others.
    /// </summary>
    public bool HasRoom
    {
        get
        {
            var count = 0;
            foreach (var (partition, lane) in _lanes)
            {
                if (!partition.IsPaused && !lane.IsFailing)
                    count += lane.Count;
            }

            return count < settings.Prefetch;
        }
    }

    public bool IsBusy
    {
        get
        {
            foreach (var lane in _lanes.Values)
            {
                if (lane.Count > 0)
                    return true;
            }

            return false;
        }
    }

    public ManualResetEventSlim Progress { get; } = new();

    public void Accept(KafkaRecord<TValue> record)
    {
        if (!_lanes.TryGetValue(record.Partition, out var lane))
        {
            lane = new MessageLane<TKey, TValue>(delivery, _slots, settings.ConcurrentDeliveries, Progress, abandoned.EndOf(record.Partition));
            _lanes.Add(record.Partition, lane);
        }

        lane.Add(record);
    }

    /// <summary>
    /// Half of what is fetched ahead at most, and nothing more while a message is delivered again. Once paused, a partition stays so until it has
    /// worked most of that off: the client forgets what it had fetched of a partition that is paused, and fetches it again.
    /// </summary>
    public bool IsFull(AssignedPartition partition)
    {
        if (!_lanes.TryGetValue(partition, out var lane))
            return false;
        if (lane.IsFailing)
            return true;
        var limit = Math.Min(settings.MessageLimit, Math.Max(1, settings.Prefetch / 2));
        return partition.IsPaused ? lane.Count > limit / 4 : lane.Count >= limit;
    }

    public TimeSpan Pump()
    {
        Progress.Reset();
        foreach (var lane in _lanes.Values)
        {
            if (lane.Failure is { } failure)
                ExceptionDispatchInfo.Throw(failure);
        }

        return Timeout.InfiniteTimeSpan;
    }

    public void Retire(IReadOnlyCollection<AssignedPartition> partitions, TimeSpan timeout, CancellationToken stopBy)
    {
        MessageLane<TKey, TValue>[] theirs = [.. _lanes.Where(lane => partitions.Contains(lane.Key)).Select(lane => lane.Value)];
        foreach (var lane in theirs)
            lane.Stop();
        Deadline.Wait(() => Array.TrueForAll(theirs, lane => lane.Count == 0), Progress, timeout, stopBy);
    }

    public void Leave(IReadOnlyCollection<AssignedPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            if (!_lanes.Remove(partition, out var lane))
                continue;
            lane.Stop();
            lane.Cancel();
            abandoned.Add(partition, lane.Ended);
        }
    }

    public void Stop()
    {
        foreach (var lane in _lanes.Values)
            lane.Stop();
    }

    public void Cancel()
    {
        foreach (var lane in _lanes.Values)
            lane.Cancel();
    }
}

using Confluent.Kafka;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Stores in the client what is done of each partition, and commits it: by time, after enough messages, and before partitions go. One commit at a
/// time: commits that get no answer pile up in the client otherwise, and it neither leaves nor joins its group before each of them has failed.
/// </summary>
internal sealed class Checkpoint(
    IConsumer<byte[], byte[]> consumer,
    ReceiveEndpointContext endpoint,
    ConsumerSettings settings,
    StartOffsets startOffsets
)
{
    private readonly Dictionary<TopicPartition, long> _stored = [];
    private long _sinceCommit;
    private long _begunAt = TimeProvider.System.GetTimestamp();
    private volatile bool _hasNews;
    private Task _committing = Task.CompletedTask;

    private ILogger Logger => endpoint.LogContext.Logger;

    /// <summary>Completes when no commit is inside the client.</summary>
    public Task Committing => _committing;

    public void Store(AssignedPartition[] partitions)
    {
        foreach (var partition in partitions)
        {
            if (partition.IsGone || !partition.Offsets.TryTakeNext(out var next))
                continue;
            if (!Store(partition.Partition, next) && !partition.IsGone)
                partition.Offsets.PutBack();
        }
    }

    public void CommitIfDue()
    {
        if (!_hasNews || !_committing.IsCompleted)
            return;
        if (_sinceCommit < settings.CheckpointMessageCount && TimeProvider.System.GetElapsedTime(_begunAt) < settings.CheckpointInterval)
            return;
        Begin();
    }

    /// <summary>Commits what is stored and waits for it, within a bound: a coordinator that does not answer must not hold the caller.</summary>
    public void CommitNow(TimeSpan timeout)
    {
        var started = TimeProvider.System.GetTimestamp();
        if (Task.WaitAny([_committing], timeout) < 0 || !_hasNews)
            return;
        Begin();
        var left = timeout - TimeProvider.System.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
            Task.WaitAny([_committing], left);
    }

    private void Begin()
    {
        _hasNews = false;
        _sinceCommit = 0;
        _begunAt = TimeProvider.System.GetTimestamp();
        _committing = Task.Run(CommitStored);
    }

    private bool Store(TopicPartition partition, long next)
    {
        try
        {
            consumer.StoreOffset(new TopicPartitionOffset(partition, next));
            if (_stored.TryGetValue(partition, out var before))
                _sinceCommit += Math.Max(0, next - before);
            _stored[partition] = next;
            _hasNews = true;
            return true;
        }
        catch (KafkaException exception)
        {
            // The partition is no longer assigned: its messages come again, to whoever has it now.
            CommitFailure.Report(endpoint, exception.Error);
            return false;
        }
    }

    private void CommitStored()
    {
        try
        {
            var offsets = Commit();
            startOffsets.Committed(offsets.Offsets);
            if (offsets.Error.Code == ErrorCode.Local_NoOffset)
                return;
            if (offsets.Error.IsError)
                _hasNews = true;
            settings.OffsetsCommittedHandler?.Invoke(offsets);
        }
#pragma warning disable CA1031 // The application's handler, or a client that is just being closed: neither may end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.HandlerFailed(Logger, exception, endpoint.InputAddress, "committed offsets");
        }
    }

    /// <summary>The outcome, whether it succeeds or fails.</summary>
    private CommittedOffsets Commit()
    {
        try
        {
            return new CommittedOffsets(
                [.. consumer.Commit().Select(offset => new TopicPartitionOffsetError(offset, new Error(ErrorCode.NoError)))],
                new Error(ErrorCode.NoError)
            );
        }
        catch (KafkaException exception)
        {
            CommitFailure.Report(endpoint, exception.Error);
            return new CommittedOffsets(exception is TopicPartitionOffsetException { Results: var results } ? results : [], exception.Error);
        }
    }
}

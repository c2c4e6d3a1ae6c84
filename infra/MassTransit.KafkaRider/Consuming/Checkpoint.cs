using Confluent.Kafka;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Stores in the client what is done of each partition; its timer commits that, and so does this after enough messages.</summary>
internal sealed class Checkpoint(IConsumer<byte[], byte[]> consumer, ReceiveEndpointContext endpoint, ConsumerSettings settings, StartOffsets startOffsets)
{
    private readonly Dictionary<TopicPartition, long> _stored = [];
    private long _sinceCommit;
    private Task _committing = Task.CompletedTask;
    private bool _isClosed;

    private ILogger Logger => endpoint.LogContext.Logger;

    /// <summary>Also while the client closes or gives partitions back, when it commits by itself.</summary>
    public void Store(AssignedPartition[] partitions)
    {
        foreach (var partition in partitions)
        {
            if (partition.IsGone || !partition.Offsets.TryTakeNext(out var next)) continue;
            if (!Store(partition.Partition, next) && !partition.IsGone) partition.Offsets.PutBack();
        }
    }

    public void CommitIfDue()
    {
        if (_isClosed || _sinceCommit < settings.CheckpointMessageCount || !_committing.IsCompleted) return;
        _sinceCommit = 0;
        _committing = Task.Run(CommitStored);
    }

    /// <summary>No commit is begun any more. Ends when none is inside the client.</summary>
    public Task Close()
    {
        _isClosed = true;
        return _committing;
    }

    private bool Store(TopicPartition partition, long next)
    {
        try
        {
            consumer.StoreOffset(new TopicPartitionOffset(partition, next));
            if (_stored.TryGetValue(partition, out var before)) _sinceCommit += Math.Max(0, next - before);
            _stored[partition] = next;
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
            if (offsets.Error.Code == ErrorCode.Local_NoOffset) return;
            settings.OffsetsCommittedHandler?.Invoke(offsets);
        }
#pragma warning disable CA1031 // The application's handler, or a client that is just being closed: neither may end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.HandlerFailed(Logger, exception, endpoint.InputAddress, "committed offsets");
        }
    }

    /// <summary>As the client tells of a commit of its own, whether it succeeds or fails.</summary>
    private CommittedOffsets Commit()
    {
        try
        {
            return new CommittedOffsets([.. consumer.Commit().Select(offset => new TopicPartitionOffsetError(offset, new Error(ErrorCode.NoError)))],
                new Error(ErrorCode.NoError));
        }
        catch (KafkaException exception)
        {
            CommitFailure.Report(endpoint, exception.Error);
            return new CommittedOffsets(exception is TopicPartitionOffsetException { Results: var results } ? results : [], exception.Error);
        }
    }
}

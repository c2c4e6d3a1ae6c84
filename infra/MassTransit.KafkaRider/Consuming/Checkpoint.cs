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
    public void Store(IEnumerable<AssignedPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            if (partition.IsGone || !partition.Offsets.TryTakeNext(out var next)) continue;
            Store(partition.Partition, next);
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

    private void Store(TopicPartition partition, long next)
    {
        try
        {
            consumer.StoreOffset(new TopicPartitionOffset(partition, next));
            if (_stored.TryGetValue(partition, out var before)) _sinceCommit += Math.Max(0, next - before);
            _stored[partition] = next;
        }
        catch (KafkaException exception)
        {
            // The partition is no longer assigned: its messages come again, to whoever has it now.
            CommitFailure.Report(endpoint, exception.Error);
        }
    }

    private void CommitStored()
    {
        try
        {
            List<TopicPartitionOffsetError> committed =
                [.. consumer.Commit().Select(offset => new TopicPartitionOffsetError(offset, new Error(ErrorCode.NoError)))];
            startOffsets.Committed(committed);
            settings.OffsetsCommittedHandler?.Invoke(new CommittedOffsets(committed, new Error(ErrorCode.NoError)));
        }
        catch (KafkaException exception)
        {
            CommitFailure.Report(endpoint, exception.Error);
        }
#pragma warning disable CA1031 // The application's handler, or a client that is just being closed: neither may end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.HandlerFailed(Logger, exception, endpoint.InputAddress, "committed offsets");
        }
    }
}

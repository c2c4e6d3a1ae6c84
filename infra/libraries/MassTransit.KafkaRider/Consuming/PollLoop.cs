using Confluent.Kafka;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// One client of the group, on a thread of its own: polls, hands records to their path, stores the offsets of what is done. While a delivery takes
/// long, its partitions are paused and polling goes on, so the client stays in the group however long that is.
/// </summary>
/// <remarks>
/// Offsets are stored in the client and committed by time and by number: also when nothing arrives, also while a handler works, and when a partition
/// is revoked or the client closes; never after a partition was lost, nor while no broker answers.
/// </remarks>
internal sealed class PollLoop<TValue>(
    ReceiveEndpointContext endpoint,
    ConsumerSettings settings,
    IRecordPath<TValue> path,
    StartOffsets startOffsets,
    IClientState state,
    int index
)
    where TValue : class
{
    private static readonly TimeSpan _idlePoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _busyPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan _pausedPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longestRevocation = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _longestAsk = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longestCommit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longestGoodbye = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longestClose = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(Math.Min(1000, (settings.Client.MaxPollIntervalMs ?? 300_000) / 3.0));
    private readonly PartitionAssignment _assignment = new(settings.IsPattern ? null : settings.Topic);
    private readonly Func<AssignedPartition, bool> _isFull = path.IsFull;
    private CancellationToken _stopBy;
    private IConsumer<byte[], byte[]> _consumer = null!;
    private long _fullSince;
    private Checkpoint _checkpoint = null!;
    private BrokerWatch _watch = null!;
    private Membership _membership = null!;
    private ProgressWatch _progress = null!;

    private ILogger Logger => endpoint.LogContext.Logger;

    /// <summary>Asks the loop to end; <see cref="Run"/> returns once it has.</summary>
    /// <param name="stopBy">When to stop waiting for what is being handled.</param>
    public void Stop(CancellationToken stopBy)
    {
        _stopBy = stopBy;
        _stopping.Cancel();
    }

    /// <summary>Polls until stopped.</summary>
    /// <exception cref="EndpointHaltedException">Going on would skip a message.</exception>
    /// <exception cref="KafkaException">The client cannot go on.</exception>
    /// <exception cref="ClientGivenUpException">The client is out of its group.</exception>
    public void Run()
    {
        _membership = new Membership(endpoint, settings, state);
        _progress = new ProgressWatch(endpoint, _assignment, settings.StandsStillAfter, state);
        _watch = new BrokerWatch(endpoint, settings.Topic, settings.IsPattern, state, _membership);
        _consumer = ConsumerClient.Build(settings, index, endpoint, _watch, startOffsets, OnAssigned, OnRevoked, OnLost);
        _checkpoint = new Checkpoint(_consumer, endpoint, settings, startOffsets);
        var lag = new LagMeter(_consumer, _assignment, settings);
        var isGivenUp = false;
        try
        {
            _consumer.Subscribe(settings.Topic);
            _membership.Begin(_consumer);
            while (!_stopping.IsCancellationRequested)
            {
                var due = path.Pump();
                StoreOffsets();
                _watch.Look(_consumer);
                _membership.Look(_watch.MayRead);
                _progress.Look();
                lag.Look();
                if (path.HasRoom)
                    Poll(due);
                else
                    AwaitProgress();
            }

            Finish();
        }
        catch (ClientGivenUpException)
        {
            isGivenUp = true;
            throw;
        }
        finally
        {
            path.Stop();
            var inside = Task.WhenAll(_watch.Close(), lag.Close(), _membership.Close(), _checkpoint.Committing);
            if (isGivenUp)
                Drop(inside);
            else
                Close(inside);
        }
    }

    private void Poll(TimeSpan due)
    {
        _fullSince = 0;
        SetPauses();
        var wait = path.IsBusy ? _busyPoll : _idlePoll;
        if (due != Timeout.InfiniteTimeSpan && due < wait)
            wait = due > TimeSpan.Zero ? due : TimeSpan.Zero;
        var result = Consume(wait);

        // Bounded, also where messages are handled as fast as they are read: offsets are stored in between.
        for (var taken = 1; result is not null; taken++)
        {
            // A partition that is full is paused in the next turn. What the client holds of others stays there until then.
            if (Accept(result) is { } partition && path.IsFull(partition))
                return;
            if (!path.HasRoom || taken >= settings.Prefetch || _stopping.IsCancellationRequested)
                return;
            result = Consume(TimeSpan.Zero);
        }
    }

    /// <summary>Nothing more can be taken until a delivery ends. Past the patience, polling goes on with everything paused.</summary>
    private void AwaitProgress()
    {
        var now = Environment.TickCount64;
        if (_fullSince == 0)
            _fullSince = now;
        var left = _patience - TimeSpan.FromMilliseconds(now - _fullSince);
        if (left > TimeSpan.Zero)
        {
            path.Progress.Wait(left);
            return;
        }

        _assignment.PauseAll(_consumer);
        if (Consume(TimeSpan.Zero) is { } late)
            Accept(late);
        path.Progress.Wait(_pausedPoll);
    }

    private ConsumeResult<byte[], byte[]>? Consume(TimeSpan wait)
    {
        try
        {
            var result = _consumer.Consume(wait);
            if (result is null)
            {
                _watch.CaughtUp();
                return null;
            }

            _watch.HeardFrom(result.Topic, result.Partition);
            return result;
        }
        catch (ConsumeException exception)
            when (!exception.Error.IsFatal && exception.Error.Code != ErrorCode.Local_AutoOffsetReset && !WouldSkip(exception.Error.Code))
        {
            _watch.OnConsumeError(exception.Error, exception.ConsumerRecord.Topic, exception.ConsumerRecord.Partition);
            return null;
        }
        catch (ConsumeException exception) when (exception.Error.Code == ErrorCode.Local_AutoOffsetReset)
        {
            throw new EndpointHaltedException(
                $"The committed offset is no longer there, and AutoOffsetReset is Error: {exception.Error.Reason}",
                exception
            );
        }
    }

    /// <summary>
    /// Messages that the client cannot read and goes on behind: damaged ones, perhaps only on their way here, or in a format that it does not know.
    /// Thrown on, they end it, and another begins where was committed: before them.
    /// </summary>
    private static bool WouldSkip(ErrorCode code) =>
        code is ErrorCode.Local_BadMsg or ErrorCode.Local_NotImplemented or ErrorCode.Local_BadCompression;

    /// <returns>The partition that has one more under way now.</returns>
    private AssignedPartition? Accept(ConsumeResult<byte[], byte[]> result)
    {
        // A record of a partition that has just gone is not ours any more.
        if (_assignment.Find(result.Topic, result.Partition) is not { } partition)
            return null;
        if (result.IsPartitionEOF)
        {
            partition.Offsets.StartAt(result.Offset.Value);
            return null;
        }

        result.Topic = partition.Partition.Topic;
        var record = new KafkaRecord<TValue>(result, partition);
        record.Begin();
        path.Accept(record);
        return partition;
    }

    private void SetPauses() => _assignment.SetPauses(_consumer, _isFull);

    private void StoreOffsets()
    {
        _checkpoint.Store(_assignment.Partitions);
        if (_membership.IsJoined && !_watch.AreLost)
            _checkpoint.CommitIfDue();
    }

    private void OnAssigned(IReadOnlyCollection<TopicPartition> partitions)
    {
        _assignment.Add(partitions);
        _watch.Assigned();
        Log.Assigned(Logger, endpoint.InputAddress, Describe(partitions));
        _membership.Assigned();
    }

    /// <summary>Waits a little for what is being handled of them, so that it does not come again elsewhere, and commits what is done.</summary>
    private void OnRevoked(IReadOnlyCollection<TopicPartition> partitions)
    {
        Log.Revoked(Logger, endpoint.InputAddress, Describe(partitions));
        var going = _assignment.Of(partitions);
        var timeout = TimeSpan.FromMilliseconds(Math.Min(_longestRevocation.TotalMilliseconds, (settings.Client.MaxPollIntervalMs ?? 300_000) / 2.0));
        path.Retire(going, timeout, _stopBy);
        _checkpoint.Store(going);

        // Unless the client closes, the coordinator has just asked for them, so it answers, whoever else is too slow to.
        if (!_watch.AreLost || !_stopping.IsCancellationRequested)
            _checkpoint.CommitNow(_longestCommit);
        Leave(going);
        if (!_stopping.IsCancellationRequested)
            _membership.Revoked(_assignment.Partitions.Length > 0);
    }

    private void OnLost(IReadOnlyCollection<TopicPartition> partitions)
    {
        Log.Lost(Logger, endpoint.InputAddress, Describe(partitions));
        Leave(_assignment.Of(partitions));
        if (_stopping.IsCancellationRequested)
            return;
        _membership.Lost();

        // Here, and not only when it is dropped: the client would ask to join again right after this, and the group would wait for it.
        Unsubscribe();
    }

    private void Leave(IReadOnlyCollection<AssignedPartition> partitions)
    {
        _assignment.Remove(partitions);
        path.Leave(partitions);
    }

    /// <summary>
    /// Lets what is being handled end, and stores its offsets; they are committed when the client gives its partitions back. Polling goes on
    /// meanwhile, with everything paused: a member that does not poll is put out of its group, and could not commit what it finishes.
    /// </summary>
    private void Finish()
    {
        path.Stop();
        if (path.IsBusy)
            _assignment.PauseAll(_consumer);
        Deadline.Wait(
            () =>
            {
                path.Pump();
                StoreOffsets();
                if (!path.IsBusy)
                    return true;
                _ = Consume(TimeSpan.Zero);
                return false;
            },
            path.Progress,
            settings.StopTimeout,
            _stopBy
        );

        if (path.IsBusy)
        {
            path.Cancel();
            Log.Abandoned(Logger, endpoint.InputAddress);
        }
    }

    /// <summary>
    /// A client must not be closed while somebody is inside it: whoever is the last closes it. It is waited for within bounds, because a close may
    /// hang (librdkafka issue 4519), and another client may have to take its place.
    /// </summary>
    private void Close(Task inside)
    {
        var closed = inside.ContinueWith(_ => Close(), CancellationToken.None, TaskContinuationOptions.LongRunning, TaskScheduler.Default);
        if (Task.WaitAny([inside], _longestAsk) < 0 || Task.WaitAny([closed], _longestClose) < 0)
            Log.SlowClose(Logger, endpoint.InputAddress);
    }

    /// <summary>
    /// Leaves a client to end by itself: closing it may take for ever (librdkafka issue 4519), and the next one does not wait for that. It must not
    /// join the group again meanwhile, which would wait for it in vain.
    /// </summary>
    private void Drop(Task inside)
    {
        Leave(_assignment.Partitions);
        Task.Factory.StartNew(
            () =>
            {
                Unsubscribe();

                // The time that its goodbye needs: a member that has not left is waited for when the group is divided next.
                Task.WaitAny([inside], Timeout.Infinite);
                Task.Delay(_longestGoodbye, TimeProvider.System).Wait();
                _consumer.Dispose();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    private void Unsubscribe()
    {
        try
        {
            _consumer.Unsubscribe();
        }
        catch (KafkaException exception)
        {
            Log.ConsumeError(Logger, endpoint.InputAddress, exception.Error.Code, exception.Error.Reason);
        }
    }

    private void Close()
    {
        try
        {
            _consumer.Close();
        }
        catch (KafkaException exception)
        {
            Log.ConsumeError(Logger, endpoint.InputAddress, exception.Error.Code, exception.Error.Reason);
        }
        finally
        {
            // A commit that was not answered in time is inside the client.
            _checkpoint.Committing.ContinueWith(
                static (_, consumer) => ((IDisposable)consumer!).Dispose(),
                _consumer,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
    }

    private string Describe(IEnumerable<TopicPartition> partitions) =>
        settings.IsPattern
            ? string.Join(", ", partitions.Select(partition => $"{partition.Topic}[{partition.Partition.Value}]").Order(StringComparer.Ordinal))
            : string.Join(", ", partitions.Select(partition => partition.Partition.Value).Order());
}

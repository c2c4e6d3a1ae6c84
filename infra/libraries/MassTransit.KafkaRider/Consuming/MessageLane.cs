using System.Threading.Channels;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>The messages of one partition, handled in their order by one worker; by several where the order was given up.</summary>
internal sealed class MessageLane<TKey, TValue>
    where TValue : class
{
    private readonly MessageDelivery<TKey, TValue> _delivery;
    private readonly SemaphoreSlim _slots;
    private readonly ManualResetEventSlim _progress;
    private readonly Channel<KafkaRecord<TValue>> _queue = Channel.CreateUnbounded<KafkaRecord<TValue>>(
        new UnboundedChannelOptions { SingleWriter = true }
    );
    private readonly CancellationTokenSource _stopped = new();
    private readonly CancellationTokenSource _cancelled = new();
    private readonly Action<KafkaRecord<TValue>> _markFailing;
    private readonly Task _before;
    private int _count;
    private int _failing;
    private volatile Exception? _failure;

    public MessageLane(MessageDelivery<TKey, TValue> delivery, SemaphoreSlim slots, int workers, ManualResetEventSlim progress, Task before)
    {
        _delivery = delivery;
        _slots = slots;
        _progress = progress;
        _markFailing = MarkFailing;
        _before = before;
        var work = new Task[workers];
        for (var i = 0; i < workers; i++)
            work[i] = Task.Run(Work);
        Ended = Task.WhenAll([before, .. work]);
    }

    /// <summary>Messages that are not done; zero once the lane has stopped and its last attempt has ended.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>A message has failed and is delivered again: the lane does not get on for now.</summary>
    public bool IsFailing => Volatile.Read(ref _failing) > 0;

    /// <summary>Why this lane does not get on any more; null while it does.</summary>
    public Exception? Failure => _failure;

    /// <summary>Completes once it has stopped and nothing of the partition is at work any more, of this lane or of one before.</summary>
    public Task Ended { get; }

    public void Add(KafkaRecord<TValue> record)
    {
        Interlocked.Increment(ref _count);
        _queue.Writer.TryWrite(record);
    }

    public void Stop()
    {
        _queue.Writer.TryComplete();
        Cancelling.Begin(_stopped);
    }

    public void Cancel() => Cancelling.Begin(_cancelled);

    private async Task Work()
    {
        // What the partition had under way when it went may be what comes first now that it is back.
        if (!_before.IsCompleted)
            await _before.WaitAsync(_stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await foreach (var record in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            // After a stop, or where an earlier message could not be handled, the rest is not begun: it comes again.
            if (!_stopped.IsCancellationRequested && _failure is null)
                await Handle(record).ConfigureAwait(false);
            Interlocked.Decrement(ref _count);
            _progress.Set();
        }
    }

    private async Task Handle(KafkaRecord<TValue> record)
    {
        try
        {
            if (await _delivery.Deliver(record, _slots, _markFailing, _stopped.Token, _cancelled.Token).ConfigureAwait(false))
                record.Complete();
        }
#pragma warning disable CA1031 // What a redelivery cannot mend ends the endpoint, or its client: never silently this lane.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _failure = exception;
        }
        finally
        {
            if (record.HasFailed)
                Interlocked.Decrement(ref _failing);
        }
    }

    private void MarkFailing(KafkaRecord<TValue> record)
    {
        if (record.HasFailed)
            return;
        record.HasFailed = true;
        Interlocked.Increment(ref _failing);
        _progress.Set();
    }
}

namespace Coupon.Consumers.Consumption;

/// <summary>
/// Stops consumption when too large a share of the recent messages would become dead letters: the fault then lies in a release or a coupon, not in a
/// message, and a topic is easier to consume again than ten thousand dead letters are to sort.
/// </summary>
internal sealed class DeadLetterValve(ValveOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<(long At, int Messages, int Rejections)> _recent = new();
    private long? _releasedAt;
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many of the next messages may be rejected before the valve shuts.</summary>
    public int Admits(int messages)
    {
        lock (_lock)
        {
            if ((_releasedAt is { } at && time.GetElapsedTime(at) < options.Period) || options.MaxShare >= 1)
                return int.MaxValue;
            Forget();
            var all = Math.Max(_recent.Sum(entry => entry.Messages) + messages, options.MinimumMessages);
            return Math.Max(0, (int)(all * options.MaxShare) - _recent.Sum(entry => entry.Rejections));
        }
    }

    /// <summary>Counts a batch that is done: its messages, and how many of them were rejected.</summary>
    public void Record(int messages, int rejections)
    {
        lock (_lock)
        {
            Forget();
            _recent.Enqueue((time.GetTimestamp(), messages, rejections));
        }
    }

    /// <summary>
    /// An operator has looked and accepts the dead letters: the valve admits everything for <see cref="ValveOptions.Period"/>, and then judges
    /// afresh.
    /// </summary>
    public void Release()
    {
        lock (_lock)
        {
            _releasedAt = time.GetTimestamp();
            _recent.Clear();
            _released.TrySetResult();
            _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Waits until an operator releases the valve, or until it is time to try the batch again.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Task released;
        lock (_lock)
            released = _released.Task;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(released, Task.Delay(options.ProbeInterval, time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Forget()
    {
        while (_recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > options.Period)
            _recent.Dequeue();
    }
}

using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Consumption;

/// <summary>
/// Stops consumption when too large a share of the recent messages would become dead letters: then something is wrong with a release or
/// a coupon, not with a message, and a topic is easier to consume again than ten thousand dead letters are to sort.
/// </summary>
internal sealed class DeadLetterValve(IOptions<ValveOptions> options, TimeProvider time)
{
    private readonly ValveOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly Queue<(long At, int Messages, int Failures)> _recent = new();
    private long? _releasedAt;
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many of the next messages may fail before it shuts.</summary>
    public int Admits(int messages)
    {
        lock (_lock)
        {
            if ((_releasedAt is { } at && time.GetElapsedTime(at) < _options.Period) || _options.MaxShare >= 1)
                return int.MaxValue;
            Forget();
            var all = Math.Max(_recent.Sum(entry => entry.Messages) + messages, _options.MinimumMessages);
            return Math.Max(0, (int)(all * _options.MaxShare) - _recent.Sum(entry => entry.Failures));
        }
    }

    /// <summary>What became of messages that are done with.</summary>
    public void Record(int messages, int failures)
    {
        lock (_lock)
        {
            Forget();
            _recent.Enqueue((time.GetTimestamp(), messages, failures));
        }
    }

    /// <summary>An operator has looked and wants the dead letters: it stays open for a period, and then judges afresh.</summary>
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

    /// <summary>Waits until an operator releases it, or until it is time to try again.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Task released;
        lock (_lock)
            released = _released.Task;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(released, Task.Delay(_options.ProbeInterval, time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Forget()
    {
        while (_recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > _options.Period)
            _recent.Dequeue();
    }
}

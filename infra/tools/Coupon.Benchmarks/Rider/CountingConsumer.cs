using MassTransit;

namespace Coupon.Benchmarks.Rider;

/// <summary>Counts up to what was expected.</summary>
public sealed class Counter(long expected)
{
    // Otherwise a lost message would block for ever.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Waits until all have come.</summary>
    /// <exception cref="TimeoutException">No message came for two minutes.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        for (var before = -1L; Count > before && !_done.Task.IsCompleted; )
        {
            before = Count;
            await Task.WhenAny(_done.Task, Task.Delay(_patience, TimeProvider.System, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (!_done.Task.IsCompleted)
            throw new TimeoutException($"Only {Count:N0} of {expected:N0} messages were consumed.");
    }

    public void Add(int count)
    {
        if (Interlocked.Add(ref _count, count) >= expected)
            _done.TrySetResult();
    }
}

/// <summary>Reads and counts each message; waits as long as the benchmark says.</summary>
public sealed class CountingConsumer(Counter counter, CountingConsumer.Pause? pause = null) : IConsumer<Batch<Ticket>>
{
    public async Task Consume(ConsumeContext<Batch<Ticket>> context)
    {
        var count = 0;
        for (var i = 0; i < context.Message.Length; i++)
        {
            if (context.Message[i].Message.UserId > 0)
                count++;
        }

        if (pause is not null)
            await Task.Delay(pause.Time, TimeProvider.System, context.CancellationToken);
        counter.Add(count);
    }

    public sealed record Pause(TimeSpan Time);
}

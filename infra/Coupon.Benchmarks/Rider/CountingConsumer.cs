using MassTransit;

namespace Coupon.Benchmarks.Rider;

/// <summary>Counts up to what was expected.</summary>
public sealed class Counter(long expected)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _count;

    public Task Done => _done.Task;

    public long Count => Interlocked.Read(ref _count);

    public void Add(int count)
    {
        if (Interlocked.Add(ref _count, count) >= expected) _done.TrySetResult();
    }
}

/// <summary>Looks at each message and counts it; waits as long as it is told to.</summary>
public sealed class CountingConsumer(Counter counter, CountingConsumer.Pause? pause = null) : IConsumer<Batch<Ticket>>
{
    public async Task Consume(ConsumeContext<Batch<Ticket>> context)
    {
        var count = 0;
        for (var i = 0; i < context.Message.Length; i++)
        {
            if (context.Message[i].Message.UserId > 0) count++;
        }

        if (pause is not null) await Task.Delay(pause.Time, TimeProvider.System, context.CancellationToken);
        counter.Add(count);
    }

    public sealed record Pause(TimeSpan Time);
}

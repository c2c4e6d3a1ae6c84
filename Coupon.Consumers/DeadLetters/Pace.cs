namespace Coupon.Consumers.DeadLetters;

/// <summary>Spreads work evenly: so many a second, none saved up.</summary>
internal sealed class Pace(double? perSecond, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _count;

    public bool IsLimited => perSecond is not null;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (perSecond is not { } rate)
            return;
        var due = TimeSpan.FromSeconds(_count++ / rate) - time.GetElapsedTime(_started);
        if (due > TimeSpan.Zero)
            await Task.Delay(due, time, cancellationToken);
    }
}

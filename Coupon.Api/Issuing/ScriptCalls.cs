namespace Coupon.Api.Issuing;

/// <summary>
/// Counts the calls of the issue script that are under way, in two alternating rounds: whoever waits for the calls of until now is not held up by
/// those that begin meanwhile.
/// </summary>
internal sealed class ScriptCalls
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    private long _even;
    private long _odd;
    private int _round;

    public int Begin()
    {
        while (true)
        {
            var round = Volatile.Read(ref _round);
            Interlocked.Increment(ref Of(round));

            // Whoever waits for this round closes it before looking at its number: still open, it counts this call. Else it may have been waited for
            // already,
            // and the next to wait would wait for the other one.
            if (Volatile.Read(ref _round) == round)
                return round;
            End(round);
        }
    }

    public void End(int round) => Interlocked.Decrement(ref Of(round));

    /// <summary>
    /// Waits until every call has ended that began before; each is bounded by the time-out of the connection. For one caller at a time.
    /// </summary>
    public async Task DrainAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var round = Interlocked.Increment(ref _round) - 1;
        while (Interlocked.Read(ref Of(round)) > 0)
            await Task.Delay(_pause, time, cancellationToken);
    }

    private ref long Of(int round) => ref (round & 1) == 0 ? ref _even : ref _odd;
}

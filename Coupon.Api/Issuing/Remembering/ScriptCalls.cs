namespace Coupon.Api.Issuing.Remembering;

/// <summary>
/// Counts the running calls of the issue script, in two alternating rounds: a caller that waits for the calls of one round is not held up by those of
/// the next.
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

            // A drain closes its round before it reads the count. So while the round is open, this call is counted. If it was closed meanwhile, the
            // drain may have missed this call, and the next drain waits for the other round: begin again in that one.
            if (Volatile.Read(ref _round) == round)
                return round;
            End(round);
        }
    }

    public void End(int round) => Interlocked.Decrement(ref Of(round));

    /// <summary>
    /// Waits until every call has ended that began before; the time-out of the connection bounds each. For one caller at a time.
    /// </summary>
    public async Task DrainAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var round = Interlocked.Increment(ref _round) - 1;
        while (Interlocked.Read(ref Of(round)) > 0)
            await Task.Delay(_pause, time, cancellationToken);
    }

    private ref long Of(int round) => ref (round & 1) == 0 ? ref _even : ref _odd;
}

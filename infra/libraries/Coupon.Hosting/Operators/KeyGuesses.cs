using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Coupon.Hosting.Operators;

/// <summary>
/// Counts wrong keys by address, of the JSON API and the console together. Past ten a minute, a wrong key is answered late and with 429. The right
/// key is accepted all the same: many operators may share the address of a proxy, and a guesser there must not lock them out.
/// </summary>
public sealed class KeyGuesses(OperatorOptions options, TimeProvider time) : IDisposable
{
    private const int GuessesAMinute = 10;

    /// <summary>How many answers are held back at a time. More are sent at once, so that guesses cost no memory.</summary>
    private const int MostLate = 16;

    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<HttpContext> _wrong = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetFixedWindowLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = GuessesAMinute,
            Window = TimeSpan.FromMinutes(1),
        })
    );

    private int _late;

    /// <summary>Whether it is the key.</summary>
    public bool IsRight(string given) => OperatorKeyHandler.Matches(options.Key, given);

    /// <summary>Counts a wrong key, and makes it wait where there were too many.</summary>
    /// <returns>Whether there were.</returns>
    public async Task<bool> IsOneTooManyAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var lease = _wrong.AttemptAcquire(context);
        if (lease.IsAcquired)
            return false;
        try
        {
            if (Interlocked.Increment(ref _late) <= MostLate)
                await Task.Delay(_delay, time, context.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref _late);
        }
        return true;
    }

    /// <inheritdoc />
    public void Dispose() => _wrong.Dispose();
}

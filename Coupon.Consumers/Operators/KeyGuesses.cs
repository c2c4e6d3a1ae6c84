using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Operators;

/// <summary>Counts wrong keys by address, at whichever door they are tried: past ten a minute the right one is not looked at either.</summary>
internal sealed class KeyGuesses(IOptions<OperatorOptions> options) : IDisposable
{
    private const int GuessesAMinute = 10;

    private readonly PartitionedRateLimiter<HttpContext> _wrong = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetFixedWindowLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = GuessesAMinute,
            Window = TimeSpan.FromMinutes(1),
        })
    );

    public bool AreExhausted(HttpContext context)
    {
        // None is taken: only whether one is left is asked.
        using var lease = _wrong.AttemptAcquire(context, 0);
        return !lease.IsAcquired;
    }

    public bool IsRight(HttpContext context, string given)
    {
        if (OperatorKeyHandler.Matches(options.Value.Key, given))
            return true;
        _wrong.AttemptAcquire(context).Dispose();
        return false;
    }

    public void Dispose() => _wrong.Dispose();
}

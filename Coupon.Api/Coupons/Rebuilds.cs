using System.Collections.Concurrent;
using Coupon.Stock;
using Coupon.Stock.Verification;

namespace Coupon.Api.Coupons;

/// <summary>
/// Rebuilds that are asked for over HTTP. A coupon sells nothing while it is rebuilt, and only one verification runs at a time. So rebuilds of one
/// coupon are limited, and those that are asked for during another one are done together, right after it.
/// </summary>
internal sealed class Rebuilds
{
    private const int MostCoupons = 100;
    private const int MostRemembered = 10_000;

    /// <summary>How many rebuilds of a coupon may follow each other.</summary>
    private const int InARow = 3;

    /// <summary>How long it takes until one more may follow.</summary>
    private static readonly TimeSpan _coolDown = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _time;
    private readonly SharedReads<VerificationReport?> _rebuilds;
    private readonly ConcurrentDictionary<long, CoolDown> _coolDowns = new();

    public Rebuilds(StockVerifier verifier, TimeProvider time)
    {
        _time = time;
        _rebuilds = new SharedReads<VerificationReport?>(1, MostCoupons, coupons => RebuildAsync(verifier, coupons));
    }

    /// <summary>Whether the coupon may be rebuilt now; if so, that is counted.</summary>
    /// <param name="couponId">The coupon.</param>
    /// <param name="wait">If not: when it may.</param>
    public bool TryBegin(long couponId, out TimeSpan wait)
    {
        if (_coolDowns.Count >= MostRemembered)
            _coolDowns.Clear();
        var coolDown = _coolDowns.GetOrAdd(couponId, _ => new CoolDown());
        lock (coolDown)
        {
            // A bucket of tokens, kept as the time from when on it is full again.
            var now = _time.GetUtcNow();
            var full = coolDown.FullAt > now ? coolDown.FullAt : now;
            wait = full + _coolDown - now - (InARow * _coolDown);
            if (wait > TimeSpan.Zero)
                return false;
            coolDown.FullAt = full + _coolDown;
            return true;
        }
    }

    /// <returns>What was found; null: another process verifies the stock, or there is no such coupon any more.</returns>
    /// <exception cref="VerificationInterruptedException">Redis lost data meanwhile: try again.</exception>
    public Task<VerificationReport?> RebuildAsync(long couponId, CancellationToken cancellationToken) =>
        _rebuilds.AskAsync(couponId, cancellationToken);

    private static async Task<Func<long, VerificationReport?>> RebuildAsync(StockVerifier verifier, long[] coupons)
    {
        var report = await verifier.RebuildAsync(coupons, "asked for over HTTP");
        return id => report is null ? null : report with { Coupons = [.. report.Coupons.Where(coupon => coupon.CouponId == id)] };
    }

    private sealed class CoolDown
    {
        public DateTimeOffset FullAt { get; set; }
    }
}

namespace Coupon.Benchmarks.Baselines;

/// <summary>One coupon of <see cref="InMemoryServer"/>: one lock, one dictionary.</summary>
internal sealed class InMemorySale(long couponId, long total)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _ordinals = [];

    public IResult Issue(long userId)
    {
        lock (_lock)
        {
            if (_ordinals.TryGetValue(userId, out var ordinal))
                return Refusal("already-issued", ordinal);
            if (_ordinals.Count == total)
                return Refusal("sold-out", 0);
            ordinal = _ordinals.Count + 1;
            _ordinals.Add(userId, ordinal);
            return Accepted.Answer(couponId, userId, ordinal, TimeProvider.System.GetUtcNow());
        }
    }

    public SaleBalance Balance()
    {
        lock (_lock)
        {
            var sold = _ordinals.Count;
            return new SaleBalance(
                total,
                total - sold,
                Outbox: 0,
                InKafka: 0,
                sold,
                OpenDeadLetters: 0,
                Voided: 0,
                MissingCount: 0,
                AheadOfRedis: 0,
                AddsUp: true
            );
        }
    }

    private static IResult Refusal(string code, long ordinal) =>
        Results.Json(new SaleRefusal(code, ordinal), WireJson.Default.SaleRefusal, statusCode: StatusCodes.Status409Conflict);
}

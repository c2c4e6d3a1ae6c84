namespace Coupon.Stock.Balance;

/// <summary>
/// Where every seat of one coupon is. Each ordinal that was given out is counted once, at the furthest place where it was seen:
/// total = remaining + outbox + in Kafka + persisted + open dead letters + voided, with nothing missing.
/// </summary>
public sealed record CouponBalance
{
    /// <summary>The coupon.</summary>
    public required long CouponId { get; init; }

    /// <summary>How many exist.</summary>
    public required long Total { get; init; }

    /// <summary>How many are left to give out. Below 0: so many were given out that never existed.</summary>
    public required long Remaining { get; init; }

    /// <summary>The last ordinal given out.</summary>
    public required long Issued { get; init; }

    /// <summary>Decided, and waiting in Redis for the acknowledgement of Kafka.</summary>
    public required long Outbox { get; init; }

    /// <summary>In the topic, not yet written.</summary>
    public required long InKafka { get; init; }

    /// <summary>Rows in MySQL.</summary>
    public required long Persisted { get; init; }

    /// <summary>Dead letters that hold a seat: open, or sent back and not written yet.</summary>
    public required long OpenDeadLetters { get; init; }

    /// <summary>
    /// Discarded for good, with their seats. Below 0: so many seats were returned although their issuance turned up later; each of them was sold
    /// twice.
    /// </summary>
    public required long Voided { get; init; }

    /// <summary>
    /// Voided ordinals with their seats back in the stock: discarded with the seat returned, or forgotten by Redis before a user was told.
    /// </summary>
    public required long Returned { get; init; }

    /// <summary>How many ordinals were given out and are nowhere.</summary>
    public required long MissingCount { get; init; }

    /// <summary>Their numbers, the first <see cref="MaxNamed"/>.</summary>
    public required IReadOnlyList<long> Missing { get; init; }

    /// <summary>
    /// By how much rows in MySQL are ahead of the last ordinal in Redis: above 0, Redis has forgotten something and is not verified yet.
    /// </summary>
    public required long AheadOfRedis { get; init; }

    /// <summary>
    /// Whether Redis has the coupon. Where it has not, it is being verified or is over for long; <see cref="Issued"/> and <see cref="Remaining"/>
    /// then follow from what is known.
    /// </summary>
    public required bool Loaded { get; init; }

    /// <summary>The sum of all places.</summary>
    public long Accounted => Remaining + Outbox + InKafka + Persisted + OpenDeadLetters + Voided;

    /// <summary>
    /// By how many seats the books are wrong; 0: they balance. Also counts oversold seats, which Redis shows as a negative remaining.
    /// </summary>
    public long Drift => MissingCount + AheadOfRedis + Math.Max(Math.Abs(Total - Accounted - MissingCount), -Remaining) + Math.Max(0, -Voided);

    /// <summary>The verification of everything that Redis speaks from; 0: none.</summary>
    public long Epoch { get; init; }

    /// <summary>Why the figures cannot be counted on: Redis is not the one that was verified last, or is not verified yet. Null: they can.</summary>
    public string? Unverified { get; init; }

    /// <summary>
    /// Whether everything is accounted for. Never where Redis is <see cref="Unverified"/>: what another one has given out since is not in it.
    /// </summary>
    public bool AddsUp => Drift == 0 && Unverified is null;

    /// <summary>How many missing ordinals are named.</summary>
    public const int MaxNamed = 100;
}

namespace Coupon.Database;

/// <summary>One verification of the stock, from the doubt to the findings. Its id is the fencing token: the later one wins.</summary>
public sealed class StockVerificationRow
{
    /// <summary>Assigned by the database, ascending.</summary>
    public long Id { get; init; }

    /// <summary>The shard of a Redis Cluster, by the slot that it is named after; empty: one Redis has everything.</summary>
    public string Shard { get; init; } = "";

    /// <summary>The longest <see cref="Shard"/>, in characters.</summary>
    public const int MaxShardLength = 5;

    /// <summary>What the shard owned when the verification began: <c>0-5460 8000</c>. Null: everything.</summary>
    public string? Slots { get; init; }

    /// <summary>Whether every coupon is verified, so that the scripts are loaded at the end; false: some coupons only.</summary>
    public bool EveryCoupon { get; init; }

    /// <summary>The reason: what was seen.</summary>
    public required string Reason { get; init; }

    /// <summary>The host and process that run it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it began (UTC).</summary>
    public DateTime RequestedAt { get; init; }

    /// <summary>
    /// The time from which the coupons sell nothing (UTC): instances hand back their unconfirmed issuances from then on. Null: not yet.
    /// </summary>
    public DateTime? FencedAt { get; init; }

    /// <summary>
    /// Which Redis is verified: run id and replication id of its primary. Written with <see cref="FencedAt"/>;
    /// null: by a version that did not say.
    /// </summary>
    public string? Redis { get; init; }

    /// <summary>The longest <see cref="Redis"/>, in characters.</summary>
    public const int MaxRedisLength = 100;

    /// <summary>When it was done (UTC); null: it runs, or was given up.</summary>
    public DateTime? CompletedAt { get; init; }

    /// <summary>How many coupons were verified.</summary>
    public int Coupons { get; init; }

    /// <summary>How many users Redis had forgotten.</summary>
    public long UsersAdded { get; init; }

    /// <summary>By how much the last ordinals grew, all coupons together.</summary>
    public long OrdinalsMoved { get; init; }

    /// <summary>How many issuances were put into the outbox again.</summary>
    public long OutboxAdded { get; init; }

    /// <summary>How many ordinals were forgotten.</summary>
    public long OrdinalsForgotten { get; init; }
}

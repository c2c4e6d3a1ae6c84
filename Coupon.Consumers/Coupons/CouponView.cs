namespace Coupon.Consumers.Coupons;

/// <summary>A coupon as MySQL has it.</summary>
internal sealed class CouponView
{
    /// <summary>Its id.</summary>
    public long Id { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its stage, now.</summary>
    public CouponStage Stage { get; init; }

    /// <summary>The number of its seats, restocks included.</summary>
    public long TotalQuantity { get; init; }

    /// <summary>Rows of issuances.</summary>
    public long Persisted { get; init; }

    /// <summary>Ordinals that are never written: their dead letters were discarded.</summary>
    public long Voided { get; init; }

    /// <summary>Voided ordinals whose seats went back to the stock.</summary>
    public long Returned { get; init; }

    /// <summary>The begin of its window (UTC); null: from the start.</summary>
    public DateTime? OpensAt { get; init; }

    /// <summary>The end of its window (UTC, exclusive); null: until closed by hand.</summary>
    public DateTime? ClosesAt { get; init; }

    /// <summary>When it was closed by hand (UTC); null: it was not.</summary>
    public DateTime? ClosedAt { get; init; }

    /// <summary>When it was created (UTC).</summary>
    public DateTime CreatedAt { get; init; }
}

namespace Coupon.Database;

/// <summary>A coupon as MySQL keeps it: the terms, and how many have been written. What is left to give out, only Redis knows.</summary>
public sealed class CouponRow
{
    /// <summary>See <see cref="CouponId"/>; positive.</summary>
    public long Id { get; init; }

    /// <summary>What people see, 1 to <see cref="MaxTitleLength"/> characters.</summary>
    public required string Title { get; set; }

    /// <summary>How many exist; restocking adds to it, nothing lowers it.</summary>
    public long TotalQuantity { get; set; }

    /// <summary>
    /// How many rows of <see cref="IssuedCouponRow"/> exist; grown by the transaction that writes them. A CHECK keeps it at or below the total.
    /// </summary>
    public long IssuedQuantity { get; set; }

    /// <summary>
    /// How many ordinals were voided: their dead letter was discarded. Grown by the transaction that discards it. Where it is not 0, a writer of rows
    /// must check that an ordinal is not voided: a copy of its message may still be on its way.
    /// </summary>
    public long VoidedQuantity { get; set; }

    /// <summary>How many of the voided ordinals gave their seat back to the stock: Redis holds total − last ordinal + this as remaining.</summary>
    public long ReturnedQuantity { get; set; }

    /// <summary>
    /// How many returned seats were taken back, because the ordinal of each turned up after all. It only grows, as does <see
    /// cref="ReturnedQuantity"/> + this: so of two readings of a coupon the later one can be told.
    /// </summary>
    public long RetakenQuantity { get; set; }

    /// <summary>From when it is given out (UTC); null: from the start.</summary>
    public DateTime? OpensAt { get; set; }

    /// <summary>Until when it is given out (UTC, exclusive); null: until closed by hand.</summary>
    public DateTime? ClosesAt { get; set; }

    /// <summary>When it was closed by hand (UTC); null: it was not.</summary>
    public DateTime? ClosedAt { get; set; }

    /// <summary>When it was created (UTC).</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>
    /// When this was read, by the clock of the database (UTC): what a window is compared with, since the clock of this process may be wrong. Not a
    /// column; only there where <see cref="CouponReads"/> has read it.
    /// </summary>
    public DateTime ReadAt { get; init; }

    /// <summary>The longest title, in characters.</summary>
    public const int MaxTitleLength = 200;

    /// <summary>The most that may exist of a coupon.</summary>
    public const long MaxTotalQuantity = 1_000_000_000;

    /// <summary>
    /// The CHECK that keeps <see cref="IssuedQuantity"/> at or below <see cref="TotalQuantity"/>; the server names it when it refuses.
    /// </summary>
    public const string NotOversoldConstraint = "ck_coupons_not_oversold";
}

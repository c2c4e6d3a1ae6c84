namespace Coupon.Stock;

/// <summary>The holder of an ordinal, as far as Redis knows.</summary>
public enum SeatHolding
{
    /// <summary>Redis does not know the coupon: it is being verified, or over for long.</summary>
    CouponNotLoaded,

    /// <summary>It is larger than the last that was given out.</summary>
    NeverGivenOut,

    /// <summary>It was given out and has no holder: its seat was returned, or its user holds another one.</summary>
    Nobody,

    /// <summary>A user holds it.</summary>
    Held,
}

/// <summary>The holder of an ordinal.</summary>
/// <param name="Holding">Whether there is one.</param>
/// <param name="UserId">The user; 0 where there is none.</param>
public readonly record struct SeatHolder(SeatHolding Holding, long UserId);

namespace Coupon.Stock;

/// <summary>Whose an ordinal is, as far as Redis knows.</summary>
public enum SeatHolding
{
    /// <summary>Redis does not know the coupon: it is being verified, or over for long.</summary>
    CouponNotLoaded,

    /// <summary>It is larger than the last that was given out.</summary>
    NeverGivenOut,

    /// <summary>It was given out, and nobody holds it: its seat was returned, or its user holds another one.</summary>
    Nobody,

    /// <summary>A user holds it.</summary>
    Held,
}

/// <summary>An ordinal and who holds it.</summary>
/// <param name="Holding">Whether anybody does.</param>
/// <param name="UserId">Who; 0 where nobody does.</param>
public readonly record struct SeatHolder(SeatHolding Holding, long UserId);

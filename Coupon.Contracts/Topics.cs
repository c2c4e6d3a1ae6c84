namespace Coupon.Contracts;

/// <summary>The Kafka topics of the service. Both sides read them from here, so a rename cannot be half done.</summary>
public static class Topics
{
    /// <summary>
    /// Carries <see cref="Contracts.CouponIssued"/>, without a key: any partition will do, since no two messages depend on each other.
    /// </summary>
    public const string CouponIssued = "coupon-issued";

    /// <summary>Carries what could not be written: the original key and value bytes, with <see cref="DeadLetterHeaders"/>.</summary>
    public const string DeadLetters = "coupon-issued-dead-letters";
}

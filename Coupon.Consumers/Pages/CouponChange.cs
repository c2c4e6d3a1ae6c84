namespace Coupon.Consumers.Pages;

/// <summary>What an operator may change of a coupon.</summary>
public enum CouponChange
{
    /// <summary>Add seats.</summary>
    Restock,

    /// <summary>End its sale for good.</summary>
    Close,

    /// <summary>Verify it in Redis against MySQL and the topics.</summary>
    Rebuild,
}

using Coupon.Api.Http;
using Coupon.Api.Problems;

namespace Coupon.Api.Coupons;

/// <summary>More of a coupon.</summary>
public sealed class RestockRequest
{
    /// <summary>How many are added: 1 to 1,000,000,000. Required.</summary>
    public long? Quantity { get; init; }

    /// <summary>
    /// The total that the caller last saw. With it, a request that is sent twice adds once: the second is refused as <c>total-changed</c>.
    /// Left out: add in any case.
    /// </summary>
    public long? ExpectedTotalQuantity { get; init; }

    internal Refusal? Validate() =>
        new InvalidRequest()
            .Unless(Quantity is not null, "quantity", "is required")
            .Unless(
                Quantity is null or (> 0 and <= CreateCouponRequest.MaxTotalQuantity),
                "quantity",
                $"must be 1 to {CreateCouponRequest.MaxTotalQuantity}"
            )
            .Unless(ExpectedTotalQuantity is null or > 0, "expectedTotalQuantity", "must be positive")
            .Refusal;
}

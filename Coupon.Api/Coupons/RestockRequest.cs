using System.ComponentModel.DataAnnotations;
using Coupon.Api.Http;

namespace Coupon.Api.Coupons;

/// <summary>Seats to add to a coupon.</summary>
public sealed class RestockRequest
{
    /// <summary>How many are added: 1 to 1,000,000,000. Required.</summary>
    [Required]
    [Range(1, CreateCouponRequest.MaxTotalQuantity)]
    public long? Quantity { get; init; }

    /// <summary>
    /// The total that the caller last saw. With it, a request that is sent twice adds once: the second is refused as <c>total-changed</c>.
    /// Left out: add in any case.
    /// </summary>
    [Range(1, CreateCouponRequest.MaxTotalQuantity)]
    public long? ExpectedTotalQuantity { get; init; }

    internal RequestFaults Faults() =>
        new RequestFaults()
            .Unless(Quantity is not null, "quantity", "is required")
            .Unless(
                Quantity is null or (> 0 and <= CreateCouponRequest.MaxTotalQuantity),
                "quantity",
                $"must be 1 to {CreateCouponRequest.MaxTotalQuantity}"
            )
            .Unless(ExpectedTotalQuantity is null or > 0, "expectedTotalQuantity", "must be positive");
}

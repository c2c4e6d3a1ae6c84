using System.Globalization;

namespace Coupon.Api.Issuing;

/// <summary>The id that clients see: it says which coupon and who was first.</summary>
internal static class IssuanceId
{
    public static string Of(long couponId, long ordinal) => string.Create(CultureInfo.InvariantCulture, $"{couponId}-{ordinal}");
}

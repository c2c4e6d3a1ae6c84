using System.Globalization;

namespace Coupon.Api.Http;

/// <summary>The id of an issuance that clients see, <c>17-532</c>: the coupon and the ordinal.</summary>
internal static class IssuanceId
{
    public static string Of(long couponId, long ordinal) => string.Create(CultureInfo.InvariantCulture, $"{couponId}-{ordinal}");
}

using System.Text.Json;
using Coupon.Contracts;

namespace Coupon.Stock.Tail;

/// <summary>Reads <see cref="CouponIssued"/> as it stands in a topic: plain JSON.</summary>
internal static class IssuanceMessage
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web);

    /// <summary>Reads one; what is not an issuance that could ever be written is none.</summary>
    public static bool TryRead(byte[]? value, out HeldSeat seat)
    {
        seat = default;
        if (value is null)
            return false;
        try
        {
            if (JsonSerializer.Deserialize<CouponIssued>(value, _options) is not { CouponId: > 0, Ordinal: > 0, UserId: > 0 } issued)
                return false;
            seat = new HeldSeat(issued.CouponId, issued.Ordinal, issued.UserId, issued.IssuedAt.ToUnixTimeMilliseconds(), issued.IdempotencyKeyHash);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

using System.Text.Json;
using Coupon.Contracts;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Reads the value of a message as the bus would, for operators and edits; the bus itself is not asked to.</summary>
internal static class IssuanceJson
{
    /// <summary>The message; null where the bytes are not one.</summary>
    public static CouponIssued? TryRead(byte[]? value)
    {
        if (value is null)
            return null;
        try
        {
            var message = JsonSerializer.Deserialize<CouponIssued>(value, JsonSerializerOptions.Web);
            return message is { CouponId: not 0 } or { Ordinal: not 0 } or { UserId: not 0 } ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Coupon.Contracts;

namespace Coupon.Stock.Tail;

/// <summary>
/// Reads the value of a <see cref="CouponIssued"/> message: a JSON object that has the coupon, ordinal, user and time, each of its type and once;
/// numbers without quotes, the time with its zone. Member names may be in any case; unknown members are ignored.
/// </summary>
public static class CouponIssuedReader
{
    /// <summary>Reads one message.</summary>
    /// <param name="value">The bytes of the message.</param>
    /// <param name="reason">Why the bytes are no message; null where they are one, or the JSON value null.</param>
    /// <returns>The message; null: the bytes are none.</returns>
    public static CouponIssued? TryRead(ReadOnlySpan<byte> value, out JsonException? reason)
    {
        reason = null;
        try
        {
            if (JsonSerializer.Deserialize(value, CouponIssuedJson.Default.CouponIssuedMembers) is { AreComplete: true } members)
                return members.ToMessage();
        }
        catch (JsonException)
        {
            // The record below names the member that is wrong.
        }

        try
        {
            return JsonSerializer.Deserialize(value, CouponIssuedJson.Default.CouponIssued);
        }
        catch (JsonException exception)
        {
            reason = exception;
            return null;
        }
    }

    /// <summary>Reads one message, where the reason for a refusal does not matter.</summary>
    /// <param name="value">The bytes of the message; null: a tombstone.</param>
    /// <returns>The message; null: the bytes are none.</returns>
    public static CouponIssued? TryRead(byte[]? value) => value is null ? null : TryRead(value, out _);

    /// <summary>
    /// Reads the seat that a message says is taken. Numbers below 1 are no seat: the CHECK constraints of MySQL refuse their rows.
    /// </summary>
    internal static bool TryReadSeat(byte[]? value, out HeldSeat seat)
    {
        seat = default;
        if (TryRead(value) is not { CouponId: > 0, Ordinal: > 0, UserId: > 0 } issued)
            return false;
        seat = new HeldSeat(issued.CouponId, issued.Ordinal, issued.UserId, issued.IssuedAt.ToUnixTimeMilliseconds(), issued.IdempotencyKeyHash);
        return true;
    }
}

/// <summary>
/// The members of a <see cref="CouponIssued"/>, set one by one as they are read. The record's constructor would box each of them into an array first,
/// which was measured at a tenth of what a message costs the consumer.
/// </summary>
internal sealed class CouponIssuedMembers
{
    public long CouponId { get; set; }

    public long Ordinal { get; set; }

    public long UserId { get; set; }

    [JsonConverter(typeof(ZonedTimeConverter))]
    public DateTimeOffset IssuedAt { get; set; }

    public long? IdempotencyKeyHash { get; set; }

    /// <summary>Whether all are set. A 0 may be a member that is missing: only the record can tell.</summary>
    public bool AreComplete => CouponId != 0 && Ordinal != 0 && UserId != 0 && IssuedAt != default;

    public CouponIssued ToMessage() => new(CouponId, Ordinal, UserId, IssuedAt) { IdempotencyKeyHash = IdempotencyKeyHash };
}

/// <summary>The message in JSON, generated at build time because every message is read here.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(CouponIssued))]
[JsonSerializable(typeof(CouponIssuedMembers))]
internal sealed partial class CouponIssuedJson : JsonSerializerContext;

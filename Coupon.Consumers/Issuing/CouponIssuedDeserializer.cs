using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Coupon.Contracts;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// Reads the value of a message and never throws: what is not a message becomes <see cref="Undecodable"/>, so that the batch consumer deals with it
/// as with any other poison, on this rider and on one that would skip it.
/// </summary>
internal sealed class CouponIssuedDeserializer : IDeserializer<CouponIssued>
{
    /// <summary>Stands for bytes that are no message; recognised by reference.</summary>
    public static readonly CouponIssued Undecodable = new(0, 0, 0, default);

    public CouponIssued Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (isNull || TryRead(data, out _) is not { } message)
            return Undecodable;
        var ledgerId = LedgerIdOf(context.Headers);
        return ledgerId == 0 ? message : new ReplayedCouponIssued(message, ledgerId, LedgerOriginOf(context.Headers));
    }

    // Read here, where the headers are at hand: to ask the message for them later would make a context for each of a batch's thousands.
    private static long LedgerIdOf(Headers? headers) =>
        headers is { Count: > 0 }
        && headers.TryGetLastBytes(DeadLetterHeaders.LedgerId, out var bytes)
        && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : 0;

    private static string? LedgerOriginOf(Headers headers) =>
        headers.TryGetLastBytes(DeadLetterHeaders.LedgerOrigin, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The message; null with the reason where the bytes are none.</summary>
    public static CouponIssued? TryRead(ReadOnlySpan<byte> data, out JsonException? reason)
    {
        reason = null;
        try
        {
            if (JsonSerializer.Deserialize(data, CouponIssuedJson.Default.CouponIssuedMembers) is { AreAllThere: true } members)
                return members.ToMessage();
        }
        catch (JsonException)
        {
            // What is wrong with it is said below, of the message itself.
        }

        try
        {
            return JsonSerializer.Deserialize(data, CouponIssuedJson.Default.CouponIssued);
        }
        catch (JsonException exception)
        {
            reason = exception;
            return null;
        }
    }
}

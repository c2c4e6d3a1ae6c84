using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Coupon.Contracts;
using Coupon.Stock.Tail;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// Reads the value of a message and never throws: bytes that are no message become <see cref="Undecodable"/>, and the batch consumer handles them as
/// any other poison. MassTransit's own Kafka rider would skip a message whose deserializer throws.
/// </summary>
internal sealed class CouponIssuedDeserializer : IDeserializer<CouponIssued>
{
    /// <summary>Stands for bytes that are no message; recognised by reference.</summary>
    public static readonly CouponIssued Undecodable = new(0, 0, 0, default);

    public CouponIssued Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (isNull || CouponIssuedReader.TryRead(data, out _) is not { } message)
            return Undecodable;
        var ledgerId = LedgerIdOf(context.Headers);
        return ledgerId == 0 ? message : new ReplayedCouponIssued(message, ledgerId, LedgerOriginOf(context.Headers));
    }

    // Read here, where the headers are at hand: the message's own header lookup would create a context for each of a batch's thousands.
    private static long LedgerIdOf(Headers? headers) =>
        headers is { Count: > 0 }
        && headers.TryGetLastBytes(DeadLetterHeaders.LedgerId, out var bytes)
        && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : 0;

    private static string? LedgerOriginOf(Headers headers) =>
        headers.TryGetLastBytes(DeadLetterHeaders.LedgerOrigin, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;
}

/// <summary>An issuance that was sent again from the dead-letter ledger.</summary>
/// <param name="Original">The message.</param>
/// <param name="LedgerId">The dead letter that the headers name.</param>
/// <param name="LedgerOrigin">The origin of that dead letter's message, as the headers say; null: they say nothing.</param>
internal sealed record ReplayedCouponIssued(CouponIssued Original, long LedgerId, string? LedgerOrigin) : CouponIssued(Original);

using System.Text;
using Confluent.Kafka;
using Coupon.Consumers.Issuing;
using Coupon.Stock.Tail;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>
/// What the consumer would not write is no message for the ledger either, and holds no seat for the verification.
/// </summary>
[NeedsNothing]
public sealed class StrictMessageTests
{
    [Theory]
    [InlineData("""{"couponId":1,"ordinal":2,"userId":3,"issuedAt":"2026-05-01T12:00:00+00:00"}""", true)]
    [InlineData("""{"couponId":1,"ordinal":2,"userId":3,"issuedAt":"2026-05-01T12:00:00Z"}""", true)]
    [InlineData("""{"couponId":1,"ordinal":2,"userId":3,"issuedAt":"2026-05-01T12:00:00\u002b00:00"}""", true)]
    [InlineData("""{"couponId":1,"ordinal":2,"userId":3,"issuedAt":"2026-05-01T12:00:00+00:00","more":1}""", true)]
    [InlineData("""{"couponId":1,"ordinal":2,"userId":3,"issuedAt":"2026-05-01T12:00:00"}""", false)]
    [InlineData("""{"couponId":1,"ordinal":2,"userId":3,"issuedAt":"2026-05-01T12:00:00.123"}""", false)]
    [InlineData("""{"couponId":1,"ordinal":2,"userId":3,"issuedAt":"2026-05-01"}""", false)]
    [InlineData("""{"couponId":1,"ordinal":2,"userId":3,"userId":4,"issuedAt":"2026-05-01T12:00:00+00:00"}""", false)]
    [InlineData("""{"couponId":1,"ordinal":2,"userId":3,"USERID":4,"issuedAt":"2026-05-01T12:00:00+00:00"}""", false)]
    [InlineData("""{"couponId":"1","ordinal":2,"userId":3,"issuedAt":"2026-05-01T12:00:00+00:00"}""", false)]
    [InlineData("""{"couponId":1,"ordinal":2,"userId":"3","issuedAt":"2026-05-01T12:00:00+00:00"}""", false)]
    public void A_message_is_read_or_refused_alike_everywhere(string text, bool isMessage)
    {
        var bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(
            (isMessage, isMessage, isMessage),
            (
                new CouponIssuedDeserializer().Deserialize(bytes, isNull: false, SerializationContext.Empty) != CouponIssuedDeserializer.Undecodable,
                CouponIssuedReader.TryRead(bytes) is not null,
                CouponIssuedReader.TryReadSeat(bytes, out _)
            )
        );
    }
}

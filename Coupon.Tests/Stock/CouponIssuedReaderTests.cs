using System.Text;
using System.Text.Json;
using Coupon.Contracts;
using Coupon.Stock.Tail;

namespace Coupon.Tests.Stock;

[NeedsNothing]
public sealed class CouponIssuedReaderTests
{
    private static readonly CouponIssued _message = new(17, 3, 42, new DateTimeOffset(2026, 11, 26, 9, 0, 0, 250, TimeSpan.Zero));

    [Theory]
    [InlineData("""{"couponId":17,"ordinal":3,"userId":42,"issuedAt":"2026-11-26T09:00:00.25+00:00"}""")]
    [InlineData("""{"IssuedAt":"2026-11-26T10:00:00.250+01:00","USERID":42,"Ordinal":3,"more":{"of":[1,2]},"couponid":17}""")]
    public void Names_are_read_in_any_case_and_order_and_what_is_not_known_is_left_out(string json) => Assert.Equal(_message, Read(json));

    [Fact]
    public void The_hash_of_the_idempotency_key_is_read_where_there_is_one() =>
        Assert.Equal(
            _message with
            {
                IdempotencyKeyHash = -5,
            },
            Read("""{"couponId":17,"ordinal":3,"userId":42,"issuedAt":"2026-11-26T09:00:00.250+00:00","idempotencyKeyHash":-5}""")
        );

    [Fact]
    public void What_says_zero_is_a_message_for_the_writer_to_reject() =>
        Assert.Equal(_message with { UserId = 0 }, Read("""{"couponId":17,"ordinal":3,"userId":0,"issuedAt":"2026-11-26T09:00:00.250+00:00"}"""));

    [Theory]
    [InlineData("""{"couponId":17,"ordinal":3,"issuedAt":"2026-11-26T09:00:00.250+00:00"}""", "userId")]
    [InlineData("""{"couponId":17,"ordinal":3,"userId":null,"issuedAt":"2026-11-26T09:00:00.250+00:00"}""", "$.userId")]
    [InlineData("""{"couponId":17,"ordinal":3,"userId":42,"issuedAt":"yesterday"}""", "$.issuedAt")]
    [InlineData("""{"couponId":17,"ordinal":3,"userId":42,"issuedAt":"2026-11-26T09:00:00.25"}""", "zone")]
    [InlineData("""{"couponId":"17","ordinal":3,"userId":42,"issuedAt":"2026-11-26T09:00:00.250Z"}""", "$.couponId")]
    [InlineData("""{"couponId":1,"ordinal":3,"userId":42,"issuedAt":"2026-11-26T09:00:00.250Z","couponId":17}""", "couponId")]
    [InlineData("[]", nameof(CouponIssued) + ".")]
    [InlineData("""{"couponId":17,""", "$")]
    public void What_is_wrong_with_it_is_said_of_the_message(string json, string reason)
    {
        Assert.Null(CouponIssuedReader.TryRead(Encoding.UTF8.GetBytes(json), out var exception));
        Assert.Contains(reason, Assert.IsType<JsonException>(exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_no_message_and_wrong_in_no_way_that_the_bytes_could_tell()
    {
        Assert.Null(CouponIssuedReader.TryRead("null"u8, out var exception));
        Assert.Null(exception);
    }

    private static CouponIssued? Read(string json)
    {
        var message = CouponIssuedReader.TryRead(Encoding.UTF8.GetBytes(json), out var exception);
        Assert.Null(exception);
        return message;
    }
}

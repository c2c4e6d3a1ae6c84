using System.Text;
using Coupon.Sale.Load;

namespace Coupon.Tests.Sale;

[NeedsNothing]
public sealed class HttpAnswerTests
{
    private const string Accepted =
        "HTTP/1.1 202 Accepted\r\nContent-Length: 39\r\nContent-Type: application/json\r\n\r\n{\"issuanceId\":\"17-532\",\"ordinal\":532  }";

    private const string SoldOut =
        "HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n24\r\n{\"title\":\"x\",\"code\":\"sold-out\"     }\r\n0\r\n\r\n";

    [Fact]
    public void An_acceptance_has_its_place_in_the_queue()
    {
        Assert.True(HttpAnswer.TryRead(Encoding.UTF8.GetBytes(Accepted), out var answer));
        Assert.Equal(new HttpAnswer(202, 532, null), answer);
    }

    [Fact]
    public void A_refusal_has_its_code()
    {
        Assert.True(HttpAnswer.TryRead(Encoding.UTF8.GetBytes(SoldOut), out var answer));
        Assert.Equal(new HttpAnswer(409, 0, "sold-out"), answer);
    }

    [Theory]
    [InlineData(Accepted)]
    [InlineData(SoldOut)]
    public void An_answer_is_whole_only_with_its_last_byte(string response)
    {
        var bytes = Encoding.UTF8.GetBytes(response);
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(HttpAnswer.TryRead(bytes.AsSpan(0, length), out _), $"{length} bytes");
        Assert.True(HttpAnswer.TryRead(bytes, out _));
    }

    [Fact]
    public void What_is_not_HTTP_is_not_taken_for_an_answer() =>
        Assert.Throws<IOException>(() => HttpAnswer.TryRead("hello, I am another protocol\r\n\r\n"u8, out _));
}

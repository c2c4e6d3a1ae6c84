using System.Text;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Issuing.Sending;

public sealed class MessageTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task A_message_is_the_contract_as_JSON_without_a_key_and_without_headers()
    {
        var coupon = await api.CreateCouponAsync(10);
        var answer = await api.IssueAsync(coupon, 77);

        var record = Assert.Single(TopicReader.ReadAll(api.Service.Kafka.ConnectionString, api.Service.CouponIssuedTopic));

        Assert.Null(record.Message.Key);
        Assert.Equal(
            $$"""{"couponId":{{coupon}},"ordinal":1,"userId":77,"issuedAt":"{{answer.Text("issuedAt")}}"}""",
            Encoding.UTF8.GetString(record.Message.Value!)
        );
        Assert.Empty(record.Message.Headers);
    }
}

using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Tests.Api.Issuing.Remembering;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Issuing.Deciding;

/// <summary>The same request gets the same answer, even if Redis has lost its data since.</summary>
public sealed class IdempotencyAfterFlushTests(TestServers servers)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_flush_the_same_key_still_gets_the_same_answer(bool written)
    {
        await using var api = new ApiUnderTest(servers);
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(10);
        var (first, without) = (await api.IssueAsync(coupon, 5, "attempt-1"), await api.IssueAsync(coupon, 6));
        await Eventually.IsTrueAsync(async () => !await api.Redis.KeyExistsAsync(new CouponKeys(coupon).Outbox), "the outbox is empty");
        if (written)
        {
            await using var consumer = await api.Service.StartConsumerAsync();
            await Eventually.IsTrueAsync(
                async () => (await api.GetAsync($"/coupons/{coupon}/issuances/5")).Text("status") == "issued",
                "it is a row"
            );
        }

        await api.Redis.ExecuteAsync("FLUSHALL");
        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 7)).Status == 202, "it sells on");

        Assert.Equal(first, await api.IssueAsync(coupon, 5, "attempt-1"));
        Assert.Equal("already-issued", (await api.IssueAsync(coupon, 5, "attempt-2")).Code);
        Assert.Equal("already-issued", (await api.IssueAsync(coupon, 6, "attempt-1")).Code);
        Assert.Equal(2, without.Number("ordinal"));
    }

    [Fact]
    public async Task An_entry_of_the_outbox_keeps_its_key_when_it_is_relayed_and_written()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = new ApiUnderTest(servers) { Kafka = kafka };
        foreach (var (name, value) in UnconfirmedIssuancesTests.Impatient)
            api.Settings[name] = value;
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(10);
        await kafka.SetBrokerDownAsync();
        var first = await api.IssueAsync(coupon, 5, "attempt-1");
        await kafka.SetBrokerUpAsync();
        await Eventually.IsTrueAsync(async () => !await api.Redis.KeyExistsAsync(new CouponKeys(coupon).Outbox), "it is relayed");

        await api.Redis.ExecuteAsync("FLUSHALL");
        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 7)).Status == 202, "it sells on");

        Assert.Equal((202, first), (first.Status, await api.IssueAsync(coupon, 5, "attempt-1")));
    }
}

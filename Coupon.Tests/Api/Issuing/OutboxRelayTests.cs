using Coupon.Stock;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Issuing;

public sealed class OutboxRelayTests(TestServers servers)
{
    [Fact]
    public async Task What_cannot_be_read_stays_in_the_outbox_and_stops_neither_the_others_nor_the_instance()
    {
        await using var api = new ApiUnderTest(servers);
        api.Settings["Issuing:RelayInterval"] = "00:00:00.1";
        await api.InitializeAsync();
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        string[] foreign = ["nonsense", "1:2", "-1:5:1800000000000", "1:x:1800000000000", ":::"];

        foreach (var member in foreign)
            await api.Redis.SortedSetAddAsync(keys.Outbox, member, 0);
        await api.Redis.SortedSetAddAsync(keys.Outbox, "1:5:1800000000000", 1);

        await Eventually.IsTrueAsync(
            async () => await api.Redis.SortedSetScoreAsync(keys.Outbox, "1:5:1800000000000") is null,
            "what can be read is relayed"
        );
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(foreign.Length, await api.Redis.SortedSetLengthAsync(keys.Outbox));
        Assert.Equal(202, (await api.IssueAsync(keys.CouponId, 7)).Status);
    }
}

using Coupon.Api.WarmingUp;
using Coupon.Stock.Shards;
using Coupon.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Api.WarmingUp;

public sealed class WarmUpTests(TestServers servers)
{
    [Fact]
    public async Task An_instance_is_ready_after_its_warm_up_which_does_not_fail_and_leaves_nothing_behind()
    {
        await using var api = new ApiUnderTest(servers);
        api.Settings["WarmUp:Requests"] = "50";
        api.Settings["Issuing:ConfirmTimeout"] = "00:00:00";
        await api.InitializeAsync();

        Assert.False(api.Services.GetRequiredService<WarmUp>().HasFailed);
        var keys = new List<string>();
        await foreach (var key in api.Redis.Multiplexer.GetServers()[0].KeysAsync())
            keys.Add(key!);
        Assert.DoesNotContain(keys, key => key.StartsWith("{c", StringComparison.Ordinal));
        Assert.Equal(0, await api.Redis.SetLengthAsync(ShardKeys.Whole.LoadedCoupons));
        var metrics = (await api.GetAsync("/metrics")).Body;
        Assert.Contains("coupon_issuances_total{otel_scope_name=\"Coupon.Api\",outcome=\"Issued\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("coupon_issuances_unconfirmed_total{otel_scope_name=\"Coupon.Api\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Equal(0, await TopicSize.OfAsync(api.Service));
    }
}

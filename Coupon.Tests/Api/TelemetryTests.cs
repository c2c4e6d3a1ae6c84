using Coupon.Tests.Servers;

namespace Coupon.Tests.Api;

public sealed class TelemetryTests(TestServers servers)
{
    [Fact]
    public async Task An_instance_shows_its_own_metrics_and_none_of_another_one_in_the_same_process()
    {
        await using var idle = new ApiUnderTest(servers);
        await idle.InitializeAsync();
        await using var busy = new ApiUnderTest(servers);
        await busy.InitializeAsync();

        await busy.IssueAsync(await busy.CreateCouponAsync(totalQuantity: 1), userId: 1);

        Assert.Contains(Issued(1), (await busy.GetAsync("/metrics")).Body, StringComparison.Ordinal);
        Assert.Contains(Issued(0), (await idle.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }

    private static string Issued(int count) => $"coupon_issuances_total{{otel_scope_name=\"Coupon.Api\",outcome=\"Issued\"}} {count}\n";
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Coupon.Consumers.Issuing;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Operators;

/// <summary>The switch and the overview, over the JSON API.</summary>
public sealed class ConsumptionOperationsTests(TestServers servers)
{
    [Fact]
    public async Task Paused_nothing_is_written_and_resumed_all_is()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var http = Client(fixture);
        var coupon = await fixture.AddCouponAsync(100);

        await PostAsync(http, "/ops/consumption/pause", new { reason = "a look around" });
        await fixture.HealthSaysAsync("by Olga Operator: a look around");
        await fixture.SendAsync(coupon, 100);
        await fixture.BatchWaitsAsync();
        Assert.Empty(await fixture.OrdinalsAsync(coupon));
        Assert.Equal((true, "Olga Operator: a look around"), await StandingAsync(http));

        await PostAsync(http, "/ops/consumption/resume", new { });
        await fixture.RowsAsync(coupon, 100);
        Assert.Equal((false, "Olga Operator"), await StandingAsync(http));
    }

    [Fact]
    public async Task The_overview_has_the_open_coupons_and_counts_the_dead_letters()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        using var http = Client(fixture);
        var coupon = await fixture.AddCouponAsync(2, "Two only");
        await fixture.SendAsync(coupon, 5);
        await fixture.RowsAsync(coupon, 2);
        await fixture.DeadLettersAsync(3);

        var overview = await OverviewAsync(http);

        Assert.Equal(1, overview.GetProperty("openCoupons").GetInt64());
        var shown = Assert.Single(overview.GetProperty("coupons").EnumerateArray());
        Assert.Equal((coupon, "Two only"), (shown.GetProperty("id").GetInt64(), shown.GetProperty("title").GetString()));
        Assert.Equal((2, 2), (shown.GetProperty("total").GetInt64(), shown.GetProperty("persisted").GetInt64()));
        var group = Assert.Single(overview.GetProperty("groups").EnumerateArray());
        Assert.Equal((RejectionCauses.OverIssued, 3), (group.GetProperty("cause").GetString(), group.GetProperty("count").GetInt64()));
        Assert.Empty(overview.GetProperty("obstacles").EnumerateArray());
    }

    private static HttpClient Client(ConsumerFixture fixture)
    {
        var http = fixture.OperatorsClient();
        http.DefaultRequestHeaders.Add("X-Operator-Name", "Olga Operator");
        return http;
    }

    private static async Task PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body, ConsumerFixture.Stop);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static Task<JsonElement> OverviewAsync(HttpClient http) => http.GetFromJsonAsync<JsonElement>("/ops/overview", ConsumerFixture.Stop);

    private static async Task<(bool Paused, string? By)> StandingAsync(HttpClient http)
    {
        var overview = await OverviewAsync(http);
        return (overview.GetProperty("paused").GetBoolean(), overview.GetProperty("pausedBy").GetString());
    }
}

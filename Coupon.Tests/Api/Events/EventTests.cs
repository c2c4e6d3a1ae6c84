using Coupon.Api.Events;
using Coupon.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Api.Events;

/// <summary>Live events of a coupon, for whoever watches it.</summary>
public sealed class EventTests(TestServers servers)
{
    [Fact]
    public async Task Who_watches_is_told_what_is_left_as_it_changes_and_the_own_result_once_it_is_in_the_database()
    {
        await using var api = await StartAsync(("Events:Interval", "00:00:00.1"));
        using var http = new HttpClient { BaseAddress = api.Http.BaseAddress };
        var coupon = await api.CreateCouponAsync(5);
        await using var watched = await WatchedCoupon.OpenAsync(http, coupon, "?user=7");
        await using var other = await WatchedCoupon.OpenAsync(http, coupon);

        Assert.Equal("text/event-stream", watched.Answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", watched.Answer.Headers.CacheControl?.ToString());
        var first = await watched.NextAsync();
        Assert.Equal(("stock", 5L), (first?.Name, first?.Data.GetProperty("remaining").GetInt64()));

        Assert.Equal(202, (await api.IssueAsync(coupon, 7)).Status);
        await watched.UntilAsync("stock", stock => stock.GetProperty("remaining").GetInt64() == 4);
        await other.UntilAsync("stock", stock => stock.GetProperty("remaining").GetInt64() == 4);
        await api.PersistAsync(coupon, ordinal: 1, userId: 7);

        var result = await watched.UntilAsync("result", _ => true);
        Assert.Equal(
            (1L, 7L, "issued"),
            (result.GetProperty("ordinal").GetInt64(), result.GetProperty("userId").GetInt64(), result.GetProperty("status").GetString())
        );

        // Nobody else is told: the stream of the other one has the stock alone until its end.
        await Eventually.IsTrueAsync(async () => (await api.DeleteAsync($"/coupons/{coupon}")).Status == 204, "the coupon is deleted");
        List<string> told = [];
        while (await other.NextAsync() is { } next)
            told.Add(next.Name);
        Assert.DoesNotContain("result", told);
        Assert.Equal("end", told[^1]);
    }

    [Fact]
    public async Task One_reading_serves_all_who_watch()
    {
        await using var api = await StartAsync(("Events:Interval", "00:01:00"));
        using var http = new HttpClient { BaseAddress = api.Http.BaseAddress };
        var coupon = await api.CreateCouponAsync(5);
        List<WatchedCoupon> watching = [];

        for (var number = 0; number < 30; number++)
        {
            watching.Add(await WatchedCoupon.OpenAsync(http, coupon));
            Assert.Equal("stock", (await watching[number].NextAsync())?.Name);
        }

        Assert.Equal(1, api.Services.GetRequiredService<CouponFeeds>().Readings);
        foreach (var watched in watching)
            await watched.DisposeAsync();
    }

    [Fact]
    public async Task No_more_watch_than_may_and_who_leaves_makes_room()
    {
        await using var api = await StartAsync(("Events:Streams", "2"));
        using var http = new HttpClient { BaseAddress = api.Http.BaseAddress };
        var coupon = await api.CreateCouponAsync(5);
        await using var first = await WatchedCoupon.OpenAsync(http, coupon);
        var second = await WatchedCoupon.OpenAsync(http, coupon);

        using var refused = await WatchedCoupon.AskAsync(http, coupon);
        Assert.Equal((503, "busy"), ((int)refused.StatusCode, (await Answer.OfAsync(refused)).Code));
        await second.DisposeAsync();

        await Eventually.IsTrueAsync(
            async () =>
            {
                using var again = await WatchedCoupon.AskAsync(http, coupon);
                return again.IsSuccessStatusCode;
            },
            "there is room again"
        );
    }

    [Fact]
    public async Task A_stream_ends_in_order_after_its_time()
    {
        await using var api = await StartAsync(("Events:Duration", "00:00:00.5"));
        using var http = new HttpClient { BaseAddress = api.Http.BaseAddress };
        await using var watched = await WatchedCoupon.OpenAsync(http, await api.CreateCouponAsync(5));

        var end = await watched.UntilAsync("end", _ => true);

        Assert.Equal("duration", end.GetProperty("reason").GetString());
        Assert.Null(await watched.NextAsync());
    }

    [Fact]
    public async Task A_program_that_stops_ends_its_streams_in_order()
    {
        await using var api = await StartAsync();
        using var http = new HttpClient { BaseAddress = api.Http.BaseAddress };
        await using var watched = await WatchedCoupon.OpenAsync(http, await api.CreateCouponAsync(5));
        Assert.Equal("stock", (await watched.NextAsync())?.Name);

        var stopping = api.StopAsync();

        var end = await watched.UntilAsync("end", _ => true);
        Assert.Equal("stopping", end.GetProperty("reason").GetString());
        Assert.Null(await watched.NextAsync());
        await stopping;
    }

    [Theory]
    [InlineData("?user=8", 403, "other-user")]
    [InlineData("?user=0", 400, "invalid-request")]
    [InlineData("?user=x", 400, "invalid-request")]
    public async Task The_result_of_a_user_is_shown_to_nobody_else(string query, int status, string code)
    {
        await using var api = await StartAsync(("Auth:Header", "X-User"), ("Proxies:Trusted", "127.0.0.1"), ("Auth:AllowAnonymous", "false"));
        using var http = new HttpClient { BaseAddress = api.Http.BaseAddress, DefaultRequestHeaders = { { "X-User", "7" } } };
        var coupon = await api.CreateCouponAsync(5);

        using var refused = await WatchedCoupon.AskAsync(http, coupon, query);

        Assert.Equal((status, code), ((int)refused.StatusCode, (await Answer.OfAsync(refused)).Code));
        await using var own = await WatchedCoupon.OpenAsync(http, coupon, "?user=7");
        Assert.Equal("stock", (await own.NextAsync())?.Name);
    }

    [Fact]
    public async Task Of_a_coupon_that_does_not_exist_there_are_no_events_and_HEAD_has_an_end()
    {
        await using var api = await StartAsync();
        using var http = new HttpClient { BaseAddress = api.Http.BaseAddress };
        var coupon = await api.CreateCouponAsync(5);

        using var unknown = await WatchedCoupon.AskAsync(http, coupon + 1);
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/coupons/{coupon}/events");
        using var head = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("unknown-coupon", (await Answer.OfAsync(unknown)).Code);
        Assert.Equal((200, "text/event-stream"), ((int)head.StatusCode, head.Content.Headers.ContentType?.MediaType));
    }

    private async Task<ApiUnderTest> StartAsync(params (string Name, string Value)[] settings)
    {
        var api = new ApiUnderTest(servers);
        foreach (var (name, value) in settings)
            api.Settings[name] = value;
        await api.InitializeAsync();
        return api;
    }
}

using Coupon.Api.Http;
using Coupon.Sale.Deployment;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Http;

/// <summary>Pages of other sites, as browsers speak for them: those that <c>Cors:Origins</c> lists may press, others may not.</summary>
public sealed class OriginTests(TestServers servers)
{
    private const string Shop = "https://shop.example";
    private const string Elsewhere = "https://elsewhere.example";

    private static readonly string[] _preflight =
    [
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: authorization,content-type,idempotency-key",
    ];

    [Fact]
    public async Task A_page_that_is_listed_may_ask_press_and_read_the_answer()
    {
        await using var api = await StartAsync(("Cors:Origins", $"{Shop};http://localhost:5173"));
        var coupon = await api.CreateCouponAsync(1);

        var asked = await AskAsync(api, Shop, $"OPTIONS /coupons/{coupon}/issuances", _preflight);
        var pressed = await PressAsync(api, Shop, coupon, 1);
        var soldOut = await PressAsync(api, Shop, coupon, 2);

        Assert.Equal((204, Shop), (asked.Status, asked.Header("Access-Control-Allow-Origin")));
        Assert.Equal(["authorization", "content-type", "idempotency-key"], Words(asked, "Access-Control-Allow-Headers"));
        Assert.Contains("post", Words(asked, "Access-Control-Allow-Methods"));
        Assert.Equal("600", asked.Header("Access-Control-Max-Age"));
        Assert.Equal((202, Shop), (pressed.Status, pressed.Header("Access-Control-Allow-Origin")));
        Assert.Equal(["location", "retry-after"], Words(pressed, "Access-Control-Expose-Headers"));
        Assert.Null(pressed.Header("Access-Control-Allow-Credentials"));

        // A refusal can be read too.
        Assert.Equal((409, "sold-out", Shop), (soldOut.Status, soldOut.Code, soldOut.Header("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task A_page_that_is_not_listed_is_refused_as_without_a_list()
    {
        await using var api = await StartAsync(("Cors:Origins", Shop));
        var coupon = await api.CreateCouponAsync(1);

        foreach (var origin in (string[])[Elsewhere, "null", $"{Shop}:8443", $"{Shop}.elsewhere.example", "http://shop.example"])
        {
            var asked = await AskAsync(api, origin, $"OPTIONS /coupons/{coupon}/issuances", _preflight);
            var pressed = await PressAsync(api, origin, coupon, 1);

            Assert.Null(asked.Header("Access-Control-Allow-Origin"));
            Assert.Equal((403, "cross-site"), (pressed.Status, pressed.Code));
            Assert.Null(pressed.Header("Access-Control-Allow-Origin"));
        }

        Assert.Equal(0, (await api.GetAsync($"/coupons/{coupon}")).Number("issued"));
    }

    [Fact]
    public async Task The_operators_door_is_open_to_no_page_of_another_site()
    {
        await using var api = await StartAsync(("Cors:Origins", Shop));
        var coupon = await api.CreateCouponAsync(1);
        string[] key = [$"Origin: {Shop}", $"X-Operator-Key: {ServiceProcess.OperatorKey}"];

        var asked = await RawConnection.AskAsync(api.OperatorsDoor, $"OPTIONS /coupons/{coupon}/close", [.. key, .. _preflight]);
        var read = await RawConnection.AskAsync(api.OperatorsDoor, $"GET /coupons/{coupon}", key);
        var closed = await RawConnection.AskAsync(api.OperatorsDoor, $"POST /coupons/{coupon}/close", key);

        Assert.Equal((405, null), (asked.Status, asked.Header("Access-Control-Allow-Origin")));
        Assert.Equal((200, null), (read.Status, read.Header("Access-Control-Allow-Origin")));
        Assert.Equal((403, "cross-site"), (closed.Status, closed.Code));
    }

    [Fact]
    public async Task Without_a_list_there_is_no_CORS()
    {
        await using var api = await StartAsync();
        var coupon = await api.CreateCouponAsync(1);

        var asked = await AskAsync(api, Shop, $"OPTIONS /coupons/{coupon}/issuances", _preflight);
        var read = await AskAsync(api, Shop, $"GET /coupons/{coupon}");

        Assert.Equal(405, asked.Status);
        Assert.Equal(200, read.Status);
        Assert.DoesNotContain(asked.Headers.Keys.Concat(read.Headers.Keys), name => name.StartsWith("Access-Control", StringComparison.Ordinal));
        Assert.Equal(403, (await PressAsync(api, Shop, coupon, 1)).Status);
    }

    [Fact]
    public async Task Where_any_site_may_press_a_browser_has_to_ask_first()
    {
        await using var api = await StartAsync(("Cors:Origins", "*"));
        var coupon = await api.CreateCouponAsync(2);

        var asked = await AskAsync(api, Elsewhere, $"OPTIONS /coupons/{coupon}/issuances", _preflight);
        var unasked = await AskAsync(api, Elsewhere, $"POST /coupons/{coupon}/issuances");

        Assert.Equal((204, "*", null), (asked.Status, asked.Header("Access-Control-Allow-Origin"), asked.Header("Access-Control-Allow-Credentials")));
        Assert.Equal((403, "cross-site"), (unasked.Status, unasked.Code));
        Assert.Equal(202, (await PressAsync(api, Elsewhere, coupon, 1)).Status);
    }

    [Fact]
    public async Task Credentials_may_come_along_where_that_is_meant()
    {
        await using var api = await StartAsync(("Cors:Origins", Shop), ("Cors:Credentials", "true"));
        var coupon = await api.CreateCouponAsync(1);

        var asked = await AskAsync(api, Shop, $"OPTIONS /coupons/{coupon}/issuances", _preflight);

        Assert.Equal((Shop, "true"), (asked.Header("Access-Control-Allow-Origin"), asked.Header("Access-Control-Allow-Credentials")));
    }

    private static Task<RawAnswer> AskAsync(ApiUnderTest api, string origin, string line, params string[] headers) =>
        RawConnection.AskAsync(api.Http.BaseAddress!, line, [$"Origin: {origin}", "Sec-Fetch-Site: cross-site", .. headers]);

    private static Task<RawAnswer> PressAsync(ApiUnderTest api, string origin, long coupon, long user) =>
        RawConnection.AskAsync(
            api.Http.BaseAddress!,
            $"POST /coupons/{coupon}/issuances",
            [$"Origin: {origin}", "Sec-Fetch-Site: cross-site", "Content-Type: application/json"],
            $$"""{"userId":{{user}}}"""
        );

    private static IEnumerable<string> Words(RawAnswer answer, string header) =>
        (answer.Header(header) ?? "").Split(',').Select(word => word.Trim().ToLowerInvariant()).Order(StringComparer.Ordinal);

    private async Task<ApiUnderTest> StartAsync(params (string Name, string Value)[] settings)
    {
        var api = new ApiUnderTest(servers);
        foreach (var (name, value) in settings)
            api.Settings[name] = value;
        await api.InitializeAsync();
        return api;
    }
}

/// <summary>Lists of origins that could not mean what they say stop the start.</summary>
[NeedsNothing]
public sealed class OriginOptionsTests
{
    [Theory]
    [InlineData("https://shop.example")]
    [InlineData("https://shop.example:8443; http://localhost:5173")]
    [InlineData("http://[::1]:5173")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData(null)]
    public void What_a_browser_sends_is_an_origin(string? origins) => Assert.Empty(FaultsOf(new OriginOptions { Origins = origins }));

    [Theory]
    [InlineData("shop.example")]
    [InlineData("ftp://shop.example")]
    [InlineData("https://shop.example/")]
    [InlineData("https://shop.example/sale")]
    [InlineData("https://shop.example?sale")]
    [InlineData("https://user@shop.example")]
    [InlineData("https://Shop.example")]
    [InlineData("https://shop.example:443")]
    [InlineData("https://*.shop.example")]
    [InlineData("null")]
    public void Anything_else_is_refused_by_name(string origin) =>
        Assert.Contains(
            $"'{origin}'",
            Assert.Single(FaultsOf(new OriginOptions { Origins = $"https://a.example;{origin}" })),
            StringComparison.Ordinal
        );

    [Fact]
    public void Any_site_with_credentials_is_refused() =>
        Assert.Contains(
            "Cors:Credentials",
            Assert.Single(FaultsOf(new OriginOptions { Origins = "*", Credentials = true })),
            StringComparison.Ordinal
        );

    [Fact]
    public void Any_site_and_others_is_refused() =>
        Assert.Contains("'*'", Assert.Single(FaultsOf(new OriginOptions { Origins = "*;https://shop.example" })), StringComparison.Ordinal);

    private static IEnumerable<string?> FaultsOf(OriginOptions options) => options.Validate(new(options)).Select(fault => fault.ErrorMessage);
}

using System.Text;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Users;

/// <summary>Where a proxy says who the user is, it is believed, and nobody else.</summary>
public sealed class UserHeaderTests(TestServers servers)
{
    [Theory]
    [InlineData("127.0.0.1", 202)]
    [InlineData("10.0.0.0/8;127.0.0.0/8", 202)]
    [InlineData("10.0.0.0/8", 401)]
    public async Task The_header_counts_where_a_trusted_proxy_sends_it(string trusted, int status)
    {
        await using var api = await StartAsync(trusted);
        var coupon = await api.CreateCouponAsync(10);

        Assert.Equal(status, (await PressAsync(api, coupon, "41", null)).Status);
        Assert.Equal(status == 202 ? 1 : 0, (await api.GetAsync($"/coupons/{coupon}")).Number("issued"));
    }

    [Theory]
    [InlineData(null, null, 401)]
    [InlineData("", null, 401)]
    [InlineData("olga", null, 401)]
    [InlineData("-1", null, 401)]
    [InlineData("41", """{"userId":42}""", 403)]
    [InlineData("41", """{"userId":41}""", 202)]
    public async Task It_must_name_a_user_and_the_body_no_other(string? user, string? json, int status)
    {
        await using var api = await StartAsync("127.0.0.1");
        var coupon = await api.CreateCouponAsync(10);

        Assert.Equal(status, (await PressAsync(api, coupon, user, json)).Status);
    }

    private async Task<ApiUnderTest> StartAsync(string trusted)
    {
        var api = new ApiUnderTest(servers) { Settings = { ["Auth:Header"] = "X-User-Id", ["Proxies:Trusted"] = trusted } };
        await api.InitializeAsync();
        return api;
    }

    private static async Task<Answer> PressAsync(ApiUnderTest api, long coupon, string? user, string? json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/coupons/{coupon}/issuances");
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (user is not null)
            request.Headers.TryAddWithoutValidation("X-User-Id", user);
        using var response = await api.Http.SendAsync(request);
        return await Answer.OfAsync(response);
    }
}

using Coupon.Tests.Http;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Http;

/// <summary>The page of the interface at the public door, for development only.</summary>
public sealed class DocumentPageTests(TestServers servers)
{
    [Theory]
    [InlineData("Development", 200)]
    [InlineData("Production", 404)]
    public async Task It_is_there_in_development_only(string environment, int status)
    {
        await using var api = new ApiUnderTest(servers) { Settings = { ["environment"] = environment } };
        await api.InitializeAsync();

        var page = await RawConnection.AskAsync(api.Http.BaseAddress!, "GET /scalar/v1");
        var script = await RawConnection.AskAsync(api.Http.BaseAddress!, "GET /scalar/scalar.aspnetcore.js");

        Assert.Equal((status, status), (page.Status, script.Status));
        Assert.Equal(status == 200, page.Header("Content-Security-Policy")?.Contains("script-src 'nonce-", StringComparison.Ordinal) == true);
    }
}

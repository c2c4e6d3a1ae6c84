using System.Net;
using Coupon.Tests.Servers;
using Microsoft.IdentityModel.Tokens;

namespace Coupon.Tests.Consumers.Operators;

public sealed class OperatorTokenTests(TestServers servers)
{
    private static readonly Dictionary<string, Action<SecurityTokenDescriptor>> _spoilt = new()
    {
        ["expired"] = token => Valid(token, from: -2, until: -1),
        ["not valid yet"] = token => Valid(token, from: 1, until: 2),
        ["for somebody else"] = token => token.Audience = "coupon-customers",
        ["for nobody"] = token => token.Audience = null,
        ["by another issuer"] = token => token.Issuer = "https://identity.example.net",
        ["signed by somebody else"] = token => token.SigningCredentials = OperatorTokens.SignedWith(new byte[32]),
        ["not signed"] = token => token.SigningCredentials = null,
    };

    [Fact]
    public async Task A_token_that_is_not_good_in_one_single_way_opens_nothing()
    {
        await using var fixture = await ConsumerFixture.StartAsync(
            servers,
            OperatorTokens.Setting,
            ("Operators:Jwt:Issuer", "https://identity.example")
        );

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fixture, null));
        foreach (var (name, spoil) in _spoilt)
            Assert.Equal((name, HttpStatusCode.Unauthorized), (name, await StatusAsync(fixture, spoil)));
    }

    private static async Task<HttpStatusCode> StatusAsync(ConsumerFixture fixture, Action<SecurityTokenDescriptor>? spoil)
    {
        using var http = fixture.OperatorsClient(key: null);
        http.DefaultRequestHeaders.Authorization = new("Bearer", OperatorTokens.Of("coupon-operator", spoil));
        using var answer = await http.GetAsync("/ops/overview", ConsumerFixture.Stop);
        return answer.StatusCode;
    }

    // In hours from now, far beyond the clock skew of five minutes that the token handler tolerates.
    private static void Valid(SecurityTokenDescriptor token, int from, int until)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        (token.IssuedAt, token.NotBefore, token.Expires) = (now.AddHours(from), now.AddHours(from), now.AddHours(until));
    }
}

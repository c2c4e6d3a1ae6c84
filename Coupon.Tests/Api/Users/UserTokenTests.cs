using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Coupon.Tests.Api.Users;

/// <summary>Where users have tokens, a token presses and asks for its own user only.</summary>
public sealed class UserTokenTests(UserTokenTests.WithTokens fixture) : IClassFixture<UserTokenTests.WithTokens>
{
    private static readonly byte[] _signingKey = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    private static readonly Dictionary<string, Action<SecurityTokenDescriptor>> _spoilt = new()
    {
        ["expired"] = token => token.Expires = token.IssuedAt!.Value.AddMinutes(-1),
        ["not valid yet"] = token => token.NotBefore = token.IssuedAt!.Value.AddHours(1),
        ["for operators"] = token => token.Audience = "coupon-operators",
        ["for nobody"] = token => token.Audience = null,
        ["by another issuer"] = token => token.Issuer = "https://identity.example.net",
        ["signed by somebody else"] = token => token.SigningCredentials = SignedWith(new byte[32]),
        ["not signed"] = token => token.SigningCredentials = null,
        ["without a user"] = token => token.Subject = new ClaimsIdentity(),
        ["with a name for a user"] = token => token.Subject = new ClaimsIdentity([new Claim("sub", "olga")]),
        ["with a user below 1"] = token => token.Subject = new ClaimsIdentity([new Claim("sub", "0")]),
    };

    private ApiUnderTest Api => fixture.Api;

    [Fact]
    public async Task A_token_presses_for_its_user_with_and_without_a_body()
    {
        var coupon = await Api.CreateCouponAsync(10);

        var first = await PressAsync(coupon, Token(41), null);
        var second = await PressAsync(coupon, Token(42), """{"userId":42}""");
        var again = await PressAsync(coupon, Token(41), "{}");

        Assert.Equal((202, 41), (first.Status, first.Number("userId")));
        Assert.Equal((202, 42), (second.Status, second.Number("userId")));
        Assert.Equal((409, "already-issued"), (again.Status, again.Code));
        Assert.Equal("41 42", await HoldersAsync(coupon));
    }

    [Fact]
    public async Task A_token_that_is_not_good_in_one_single_way_presses_nothing()
    {
        var coupon = await Api.CreateCouponAsync(10);

        Assert.Equal((401, "unauthenticated"), Of(await PressAsync(coupon, null, """{"userId":41}""")));
        foreach (var (name, spoil) in _spoilt)
            Assert.Equal((name, 401), (name, (await PressAsync(coupon, Token(41, spoil), """{"userId":41}""")).Status));
        Assert.Equal(202, (await PressAsync(coupon, Token(41), null)).Status);
        Assert.Equal("41", await HoldersAsync(coupon));
    }

    [Fact]
    public async Task A_press_for_another_user_is_refused_and_takes_no_seat()
    {
        var coupon = await Api.CreateCouponAsync(10);

        Assert.Equal((403, "other-user"), Of(await PressAsync(coupon, Token(41), """{"userId":42}""")));
        Assert.Equal("", await HoldersAsync(coupon));
    }

    [Fact]
    public async Task What_became_of_a_press_is_shown_to_its_user_only()
    {
        var coupon = await Api.CreateCouponAsync(10);
        await PressAsync(coupon, Token(41), null);

        foreach (var path in (string[])[$"/coupons/{coupon}/issuances/41", "/users/41/coupons"])
        {
            Assert.Equal(200, (await AskAsync(HttpMethod.Get, path, Token(41))).Status);
            Assert.Equal((403, "other-user"), Of(await AskAsync(HttpMethod.Get, path, Token(42))));
            Assert.Equal((401, "unauthenticated"), Of(await AskAsync(HttpMethod.Get, path, null)));
        }

        using var operators = Api.OperatorsClient();
        using var shown = await operators.GetAsync(new Uri($"/coupons/{coupon}/issuances/41", UriKind.Relative));
        Assert.Equal(200, (int)shown.StatusCode);
    }

    [Fact]
    public async Task A_refused_token_is_told_how_to_do_better()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/users/41/coupons");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "a.b.c");
        using var answer = await Api.Http.SendAsync(request);

        Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_token_that_was_good_a_moment_ago_is_refused_after_its_end()
    {
        var coupon = await Api.CreateCouponAsync(10);
        var token = Token(41, shortly => shortly.Expires = shortly.IssuedAt!.Value.AddSeconds(90));
        Assert.Equal(202, (await PressAsync(coupon, token, null)).Status);

        // Beyond its end and the half minute by which clocks may differ.
        fixture.Clock.Advance(TimeSpan.FromSeconds(121));

        Assert.Equal(401, (await PressAsync(coupon, token, null)).Status);
    }

    private static (int Status, string? Code) Of(Answer answer) => (answer.Status, answer.Code);

    private async Task<string> HoldersAsync(long coupon) =>
        string.Join(
            ' ',
            (await Api.Redis.HashGetAllAsync(new CouponKeys(coupon).Users)).Select(field => field.Name.ToString()).Order(StringComparer.Ordinal)
        );

    private Task<Answer> PressAsync(long coupon, string? token, string? json) =>
        AskAsync(HttpMethod.Post, $"/coupons/{coupon}/issuances", token, json);

    private async Task<Answer> AskAsync(HttpMethod method, string path, string? token, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Api.Http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    private string Token(long user, Action<SecurityTokenDescriptor>? spoil = null)
    {
        var now = fixture.Clock.GetUtcNow().UtcDateTime;
        var token = new SecurityTokenDescriptor
        {
            Subject = new ClaimsIdentity([new Claim("sub", user.ToString(CultureInfo.InvariantCulture))]),
            Issuer = WithTokens.Issuer,
            Audience = "coupon",
            IssuedAt = now,
            NotBefore = now.AddHours(-2),
            Expires = now.AddHours(1),
            SigningCredentials = SignedWith(_signingKey),
        };
        spoil?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    private static SigningCredentials SignedWith(byte[] key) => new(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256);

    /// <summary>An API that takes users from tokens, with a clock of its own.</summary>
    public sealed class WithTokens(TestServers servers) : IAsyncLifetime
    {
        public const string Issuer = "https://identity.example";

        public ApiUnderTest Api { get; private set; } = null!;

        internal SkewedClock Clock { get; } = new(TimeSpan.Zero);

        public async ValueTask InitializeAsync()
        {
            Api = new ApiUnderTest(servers) { Clock = Clock };
            Api.Settings["Auth:AllowAnonymous"] = "false";
            Api.Settings["Auth:Jwt:SigningKey"] = Convert.ToBase64String(_signingKey);
            Api.Settings["Auth:Jwt:Issuer"] = Issuer;
            await Api.InitializeAsync();
        }

        public ValueTask DisposeAsync() => Api.DisposeAsync();
    }
}

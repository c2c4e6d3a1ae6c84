namespace Coupon.Tests.Api.Coupons;

/// <summary>What a coupon may be called, and how its times are written.</summary>
public sealed class TermsTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Theory]
    [InlineData(@"a\u0000b", "control")]
    [InlineData(@"a\u001b[31mb", "control")]
    [InlineData(@"a\r\nb", "control")]
    [InlineData(@"a\tb", "control")]
    [InlineData(@"a\u0085b", "control")]
    [InlineData(@"a\u2028b", "control")]
    [InlineData(@"a\u202eb", "direction")]
    [InlineData(@"a\u2066b", "direction")]
    [InlineData(@"\u200b\u200d\ufeff", "seen")]
    [InlineData(@"\u3164", "seen")]
    [InlineData(@"\u00ad \u2060", "seen")]
    [InlineData(@"a\ud800b", "Unicode")]
    [InlineData(@"a\uffffb", "Unicode")]
    public async Task A_title_that_hides_or_commands_something_is_refused_with_the_reason(string title, string reason)
    {
        var answer = await api.PostAsync("/coupons", $$"""{"title":"{{title}}","totalQuantity":1}""");

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.Code));
        var error = Assert.Single(answer.Json.GetProperty("errors").EnumerateObject());
        Assert.Equal("title", error.Name);
        Assert.Contains(reason, Assert.Single(error.Value.EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kaffee für 2 €")]
    [InlineData("커피 한 잔")]
    [InlineData("قهوة")]
    [InlineData("👩‍👩‍👧 family")]
    [InlineData("☕️")]
    public async Task A_title_of_any_language_is_taken(string title)
    {
        var answer = await api.PostAsync("/coupons", $$"""{"title":"{{title}}","totalQuantity":1}""");

        Assert.Equal((201, title), (answer.Status, answer.Text("title")));
    }

    [Theory]
    [InlineData("opensAt", "2991-01-01T00:00:00")]
    [InlineData("opensAt", "2991-01-01T00:00")]
    [InlineData("opensAt", "2991-01-01T00:00:00.123")]
    [InlineData("closesAt", "2991-01-01")]
    public async Task A_time_without_a_zone_is_refused_and_the_member_named(string member, string time)
    {
        var answer = await api.PostAsync("/coupons", $$"""{"title":"x","totalQuantity":1,"{{member}}":"{{time}}"}""");

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.Code));
        var error = Assert.Single(answer.Json.GetProperty("errors").EnumerateObject());
        Assert.Equal(member, error.Name);
        Assert.Contains("zone", error.Value[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2991-01-01T09:00:00+09:00", "2991-01-01T00:00:00+00:00")]
    [InlineData("2991-01-01T00:00:00Z", "2991-01-01T00:00:00+00:00")]
    [InlineData(@"2991-01-01T00:00:00\u005a", "2991-01-01T00:00:00+00:00")]
    public async Task A_time_with_a_zone_is_that_time(string time, string same)
    {
        var answer = await api.PostAsync("/coupons", $$"""{"title":"x","totalQuantity":1,"opensAt":"{{time}}"}""");

        Assert.Equal((201, same), (answer.Status, answer.Text("opensAt")));
    }
}

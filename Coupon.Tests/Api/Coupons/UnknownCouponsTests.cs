using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.Coupons;

/// <summary>Ids that nobody has, in masses: what they cost, and that each is told the truth.</summary>
public sealed class UnknownCouponsTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    private const int Asks = 400;

    [Fact]
    public async Task Many_presses_for_coupons_that_do_not_exist_are_all_told_so()
    {
        Assert.Equal(404, (await api.IssueAsync(8_000_000_000, 1)).Status);

        var statuses = await AllAsync(id => api.IssueAsync(id, 1));

        Assert.Equal([(404, "unknown-coupon", Asks)], statuses);
    }

    [Theory]
    [InlineData("/coupons/{0}")]
    [InlineData("/coupons/{0}/issuances/1")]
    [InlineData("/coupons/{0}/balance")]
    public async Task Many_questions_about_coupons_that_do_not_exist_share_few_statements(string path)
    {
        using var statements = StatementCount.Of(api.Service.MySql);
        await api.GetAsync(Format("/coupons/{0}", Random.Shared.NextInt64(1, 1_000_000)));
        Assert.NotEqual(0, statements.Value);
        statements.Reset();

        var first = await AllAsync(id => api.GetAsync(Format(path, id)));
        var again = await AllAsync(id => api.GetAsync(Format(path, id)));

        Assert.Equal([(404, "unknown-coupon", Asks)], first);
        Assert.Equal([(404, "unknown-coupon", Asks)], again);

        // One by one, it would be twice as many as were asked for at the least.
        Assert.InRange(statements.Value, 0, Asks / 2);
    }

    private static string Format(string path, long id) => string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id);

    private static async Task<IEnumerable<(int Status, string? Code, int Count)>> AllAsync(Func<long, Task<Answer>> ask)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Asks).Select(index => ask(7_000_000_000 + index)));
        return answers.GroupBy(answer => (answer.Status, answer.Code)).Select(group => (group.Key.Status, group.Key.Code, group.Count()));
    }
}

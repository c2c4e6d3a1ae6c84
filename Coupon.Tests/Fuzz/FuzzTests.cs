using System.Collections.Concurrent;
using System.Text.Json;
using Coupon.Stock.Balance;
using Coupon.Tests.Api;
using Coupon.Tests.Consumers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Fuzz;

/// <summary>Requests that nobody thought of, at both programs. A few hundred in every run; <see cref="FuzzRun"/> says how to send more.</summary>
public sealed class FuzzTests(TestServers servers)
{
    [Fact]
    public async Task The_API_answers_whatever_it_is_sent_and_its_books_balance()
    {
        // Each request waits for the end of its answer.
        await using var api = new ApiUnderTest(servers) { Settings = { ["Events:Duration"] = "00:00:00.2" } };
        await api.InitializeAsync();
        var untouched = await api.CreateCouponAsync(10);
        Assert.Equal(202, (await api.IssueAsync(untouched, 1)).Status);
        var coupons = new List<long>();
        for (var i = 0; i < 5; i++)
            coupons.Add(await api.CreateCouponAsync(1000));
        var accepted = new ConcurrentDictionary<string, long>();
        var requests = new FuzzRequests((await api.GetAsync("/openapi/v1.json")).Json, [$"Host: {api.Http.BaseAddress!.Authority}"], EndsASale);
        var run = new FuzzRun(api.Http.BaseAddress!, requests);

        await run.SendAllAsync(
            () => coupons,
            answer =>
            {
                if (answer.Status == 202 && answer.Body.Length > 0)
                    accepted[answer.Json.GetProperty("issuanceId").GetString()!] = answer.Json.GetProperty("couponId").GetInt64();
            }
        );

        // The same at the operators' door.
        using var operators = api.OperatorsClient();
        var operations = new FuzzRequests(
            JsonDocument.Parse(await operators.GetStringAsync("/openapi/v1.json")).RootElement.Clone(),
            [$"Host: {api.OperatorsDoor.Authority}", $"X-Operator-Key: {ConsumerFixture.OperatorKey}"],
            EndsASale
        );
        await new FuzzRun(api.OperatorsDoor, operations).SendAllAsync(() => coupons, _ => { });

        Assert.NotEmpty(accepted);
        foreach (var coupon in coupons)
        {
            await Eventually.IsTrueAsync(
                async () => (await api.GetAsync($"/coupons/{coupon}/balance")).Json.GetProperty("addsUp").GetBoolean(),
                "the books balance"
            );

            // Who left before the answer may have a seat too, and a closed connection says nothing.
            Assert.True((await api.GetAsync($"/coupons/{coupon}")).Number("issued") >= accepted.Count(pair => pair.Value == coupon));
        }

        var balance = await api.GetAsync($"/coupons/{untouched}/balance");
        Assert.Equal((10, 9, 1, 0), (balance.Number("total"), balance.Number("remaining"), balance.Number("issued"), balance.Number("drift")));
        Assert.Equal(200, (await api.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task The_operators_port_answers_whatever_it_is_sent_and_the_books_balance()
    {
        await using var fixture = await ConsumerFixture.StartAsync(servers);
        var coupon = await fixture.AddCouponAsync(100);
        await fixture.SendAsync(coupon, 3);
        await fixture.RowsAsync(coupon, 3);
        await fixture.SendAsync([.. Enumerable.Repeat("no message"u8.ToArray(), 10)]);
        var letters = (await fixture.DeadLettersAsync(10)).Select(letter => letter.Id).ToList();
        using var http = fixture.OperatorsClient();
        var document = JsonDocument.Parse(await http.GetStringAsync("/openapi/v1.json")).RootElement.Clone();
        var requests = new FuzzRequests(
            document,
            [$"Host: {http.BaseAddress!.Authority}", $"X-Operator-Key: {ConsumerFixture.OperatorKey}"],
            (_, path) => path.EndsWith("/pause", StringComparison.Ordinal)
        );
        var run = new FuzzRun(http.BaseAddress!, requests);

        await run.SendAllAsync(() => letters, _ => { });

        long[] ordinals = [1, 2, 3];
        Assert.Equal(ordinals, await fixture.OrdinalsAsync(coupon));
        var balance = (await fixture.Get<BalanceReader>().ReadAsync(coupon, ConsumerFixture.Stop))!;
        Assert.Equal((3, 0), (balance.Persisted, balance.MissingCount));
        Assert.Equal(200, (await fixture.HealthAsync()).Code);
    }

    // What would leave nothing to press for, or closes the fence of a coupon for as long as it takes.
    private static bool EndsASale(string method, string path) =>
        method == "DELETE" || path.EndsWith("/close", StringComparison.Ordinal) || path.EndsWith("/rebuild", StringComparison.Ordinal);
}

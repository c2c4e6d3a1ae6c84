using System.Net;
using System.Text;
using System.Text.Json;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Operators;
using Coupon.Tests.Servers;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace Coupon.Tests.Api;

/// <summary>What operators do with coupons leaves a row, whatever comes of it.</summary>
public sealed class ActionAuditTests(TestServers servers) : IAsyncLifetime
{
    private readonly ApiUnderTest _api = new(servers);

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Each_action_says_who_did_what_on_which_coupon_when_from_where_and_what_came_of_it()
    {
        using var olga = Operator("Olga Operator");

        var created = await SendAsync(olga, HttpMethod.Post, "/coupons", """{"title":"A secret title","totalQuantity":5}""");
        var coupon = created.Body.GetProperty("id").GetInt64();
        await SendAsync(olga, HttpMethod.Post, "/coupons", """{"title":"","totalQuantity":5}""");
        await SendAsync(olga, HttpMethod.Post, $"/coupons/{coupon}/restock", """{"quantity":5}""");
        await SendAsync(olga, HttpMethod.Post, $"/coupons/{coupon}/restock", """{"quantity":5,"expectedTotalQuantity":5}""");
        await SendAsync(olga, HttpMethod.Post, $"/coupons/{coupon}/rebuild");
        await SendAsync(olga, HttpMethod.Post, $"/coupons/{coupon}/close");
        await SendAsync(olga, HttpMethod.Delete, $"/coupons/{coupon}");
        await SendAsync(olga, HttpMethod.Delete, $"/coupons/{coupon}");

        Assert.Equal<(string, string, long?, string)>(
            [
                ("Olga Operator", "create", coupon, "201"),
                ("Olga Operator", "create", null, "400 invalid-request"),
                ("Olga Operator", "restock", coupon, "200"),
                ("Olga Operator", "restock", coupon, "409 total-changed"),
                ("Olga Operator", "rebuild", coupon, "200"),
                ("Olga Operator", "close", coupon, "200"),
                ("Olga Operator", "delete", coupon, "204"),
                ("Olga Operator", "delete", coupon, "404 unknown-coupon"),
            ],
            await AuditedActions.InShortAsync(_api.Service.MySql)
        );
        await using var connection = new MySqlConnection(_api.Service.MySql);
        var now = await connection.ExecuteScalarAsync<DateTime>("SELECT UTC_TIMESTAMP(3)");
        Assert.All(await AuditedActions.OfAsync(_api.Service.MySql), row =>
        {
            Assert.Equal("127.0.0.1", row.Address);
            Assert.InRange(row.EndedAt!.Value, row.At, now);
            Assert.InRange(row.At, now.AddMinutes(-5), now);
            Assert.DoesNotContain("secret", JsonSerializer.Serialize(row), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Who_is_no_operator_and_who_only_reads_leaves_nothing()
    {
        using var stranger = _api.OperatorsClient(key: null);
        using var guesser = _api.OperatorsClient("the wrong key, quite long");
        using var olga = Operator("Olga Operator");

        await SendAsync(stranger, HttpMethod.Post, "/coupons", """{"title":"A coupon","totalQuantity":5}""");
        await SendAsync(guesser, HttpMethod.Post, "/coupons", """{"title":"A coupon","totalQuantity":5}""");
        await SendAsync(olga, HttpMethod.Get, "/coupons");

        Assert.Empty(await AuditedActions.OfAsync(_api.Service.MySql));
    }

    [Theory]
    [InlineData("system")]
    [InlineData("unknown")]
    [InlineData("a name of more than one hundred characters, which no column of any audit could keep as it was given here")]
    public async Task Under_a_name_that_the_audit_cannot_keep_nothing_is_done(string name)
    {
        var coupon = await _api.CreateCouponAsync(10);
        using var somebody = Operator(name);

        var (status, body) = await SendAsync(somebody, HttpMethod.Post, $"/coupons/{coupon}/close");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid-request"), (status, body.GetProperty("code").GetString()));
        Assert.Contains("The name of an operator must", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("open", (await _api.GetAsync($"/coupons/{coupon}")).Text("state"));
        Assert.Equal(("unknown", "close", coupon, "400 invalid-request"), (await AuditedActions.InShortAsync(_api.Service.MySql))[^1]);
    }

    [Fact]
    public async Task Where_the_audit_cannot_be_written_nothing_is_done()
    {
        var coupon = await _api.CreateCouponAsync(10);
        using var olga = Operator("Olga Operator");
        await using var connection = new MySqlConnection(_api.Service.MySql);

        await connection.ExecuteAsync("RENAME TABLE operator_actions TO elsewhere");
        var (status, body) = await SendAsync(olga, HttpMethod.Post, $"/coupons/{coupon}/close");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "database-unavailable"), (status, body.GetProperty("code").GetString()));
        Assert.Equal("open", (await _api.GetAsync($"/coupons/{coupon}")).Text("state"));

        await connection.ExecuteAsync("RENAME TABLE elsewhere TO operator_actions");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(olga, HttpMethod.Post, $"/coupons/{coupon}/close")).Status);
    }

    [Fact]
    public async Task An_action_that_fails_by_a_defect_is_recorded_too()
    {
        using var olga = Operator("Olga Operator");
        await using var connection = new MySqlConnection(_api.Service.MySql);
        await connection.ExecuteAsync("ALTER TABLE coupons DROP COLUMN title");

        var (status, _) = await SendAsync(olga, HttpMethod.Post, "/coupons", """{"title":"A coupon","totalQuantity":5}""");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Equal([("Olga Operator", "create", null, "500 internal")], await AuditedActions.InShortAsync(_api.Service.MySql));
    }

    [Fact]
    public async Task The_row_is_there_while_the_action_runs_and_says_so_when_the_client_goes()
    {
        var coupon = await _api.CreateCouponAsync(10);
        using var olga = Operator("Olga Operator");
        await using var other = new MySqlConnection(_api.Service.MySql);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await other.ExecuteAsync("START TRANSACTION");
        await other.ExecuteAsync("SELECT id FROM coupons WHERE id = @coupon FOR UPDATE", new { coupon });

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var closing = olga.PostAsync(new Uri($"/coupons/{coupon}/close", UriKind.Relative), null, leaving.Token);
        await LastIsAsync(("Olga Operator", "close", coupon, OperatorActionRow.Begun));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closing);

        await LastIsAsync(("Olga Operator", "close", coupon, "499"));
    }

    [Fact]
    public void Every_endpoint_that_changes_something_at_the_operators_door_has_a_word_in_the_audit()
    {
        var changing = _api
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<Door>()?.IsForOperators == true)
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Any(method => !HttpMethods.IsGet(method)) == true)
            .ToList();

        Assert.Equal(5, changing.Count);
        Assert.Equal(5, changing.Select(ActionNames.Of).OfType<string>().Distinct().Count());
    }

    private Task LastIsAsync((string, string, long?, string) expected) =>
        Eventually.IsTrueAsync(async () => (await AuditedActions.InShortAsync(_api.Service.MySql))[^1] == expected, $"the last action is {expected}");

    private HttpClient Operator(string name)
    {
        var client = _api.OperatorsClient();
        client.DefaultRequestHeaders.Add("X-Operator-Name", name);
        return client;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(
        HttpClient http,
        HttpMethod method,
        string path,
        string? json = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, body.Length == 0 ? default : JsonDocument.Parse(body).RootElement);
    }
}

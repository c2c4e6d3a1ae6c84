using System.Net.Http.Headers;
using Coupon.Hosting.Operators;
using Coupon.Sale.Deployment;
using Coupon.Tests.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Tests.Api;

/// <summary>The two doors of the API: what stands at which, and who passes.</summary>
public sealed class DoorTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    private static readonly string[] _ofOperators =
    [
        "POST /coupons",
        "GET /coupons",
        "POST /coupons/1/restock",
        "POST /coupons/1/close",
        "DELETE /coupons/1",
        "GET /coupons/1/balance",
        "POST /coupons/1/rebuild",
        "GET /metrics",
    ];

    private static readonly string[] _methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    [Fact]
    public async Task What_operators_do_does_not_exist_at_the_public_door_whatever_the_request_says()
    {
        string[] headers =
        [
            $"X-Operator-Key: {ServiceProcess.OperatorKey}",
            "Content-Type: application/json",
            $"Host: {api.OperatorsDoor.Authority}",
        ];
        foreach (var line in _ofOperators)
        {
            var answer = await RawConnection.AskAsync(api.Http.BaseAddress!, line, headers);
            Assert.Equal((line, line == "DELETE /coupons/1" ? 405 : 404), (line, answer.Status));
        }
    }

    [Theory]
    [InlineData("/coupons")]
    [InlineData("/coupons/1/restock")]
    [InlineData("/coupons/1/close")]
    [InlineData("/coupons/1/balance")]
    [InlineData("/coupons/1/rebuild")]
    [InlineData("/metrics")]
    [InlineData("/nowhere")]
    public async Task No_method_tells_at_the_public_door_what_stands_at_the_other(string path)
    {
        foreach (var method in _methods)
            Assert.Equal((method, 404), (method, await StatusAsync(api.Http.BaseAddress!, method, path)));
    }

    [Fact]
    public async Task No_method_tells_at_the_operators_door_where_the_button_is()
    {
        foreach (var method in _methods)
            Assert.Equal((method, 404), (method, await StatusAsync(api.OperatorsDoor, method, "/coupons/1/issuances")));
    }

    [Fact]
    public async Task Where_a_path_stands_at_both_doors_each_names_its_own_methods()
    {
        var everybody = await RawConnection.AskAsync(api.Http.BaseAddress!, "DELETE /coupons/1");
        var operators = await RawConnection.AskAsync(api.OperatorsDoor, "PUT /coupons/1", ["Content-Type: application/json"]);

        Assert.Equal((405, "GET, HEAD"), (everybody.Status, everybody.Header("Allow")));
        Assert.Equal((405, "DELETE, GET, HEAD"), (operators.Status, string.Join(", ", operators.Header("Allow")!.Split(", ").Order())));
    }

    private static async Task<int> StatusAsync(Uri door, string method, string path) =>
        (await RawConnection.AskAsync(door, $"{method} {path}", [$"X-Operator-Key: {ServiceProcess.OperatorKey}"])).Status;

    [Fact]
    public async Task Without_the_key_nothing_happens_at_the_operators_door()
    {
        var coupon = await api.CreateCouponAsync(10);
        foreach (var key in (string?[])[null, "the wrong key, quite long"])
        {
            using var operators = api.OperatorsClient(key);
            foreach (var line in _ofOperators)
            {
                var (method, path) = (new HttpMethod(line.Split(' ')[0]), line.Split(' ')[1].Replace("/1", $"/{coupon}", StringComparison.Ordinal));
                using var answer = await operators.SendAsync(new HttpRequestMessage(method, path));
                Assert.True((int)answer.StatusCode is 401 or 429, $"{line}: {answer.StatusCode}");
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            }
        }

        Assert.Equal("open", (await api.GetAsync($"/coupons/{coupon}")).Text("state"));
    }

    [Fact]
    public async Task The_key_is_accepted_in_its_header_and_as_a_bearer_token()
    {
        using var operators = api.OperatorsClient(key: null);
        operators.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServiceProcess.OperatorKey);

        Assert.Contains(
            "http_server_request_duration",
            await operators.GetStringAsync(new Uri("/metrics", UriKind.Relative)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_button_does_not_stand_at_the_operators_door()
    {
        var coupon = await api.CreateCouponAsync(10);
        using var operators = api.OperatorsClient();

        using var answer = await operators.PostAsync($"/coupons/{coupon}/issuances", new StringContent("""{"userId":1}""", null, "application/json"));

        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Equal(0, (await api.GetAsync($"/coupons/{coupon}")).Number("issued"));
    }

    [Fact]
    public async Task Everybody_sees_whether_it_is_ready_and_operators_see_why()
    {
        var everybody = await RawConnection.AskAsync(api.Http.BaseAddress!, "GET /health/ready");

        Assert.Equal((200, """{"status":"Healthy"}"""), (everybody.Status, everybody.Body));
        Assert.Contains("\"stock\":", (await api.GetAsync("/health/ready")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_have_a_page_of_their_interface_whose_policy_lets_its_own_script_run_and_no_other()
    {
        using var operators = api.OperatorsClient();
        using var stranger = api.OperatorsClient(key: null);

        using var redirect = await operators.GetAsync(new Uri("/scalar", UriKind.Relative));
        using var page = await operators.GetAsync(new Uri("/scalar/v1", UriKind.Relative));

        var body = await page.Content.ReadAsStringAsync();
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        var nonce = policy.Split("script-src 'nonce-")[1].Split('\'')[0];
        Assert.Equal(("/scalar/v1", 200), (redirect.RequestMessage!.RequestUri!.AbsolutePath, (int)page.StatusCode));
        Assert.Contains("openapi/v1.json", body, StringComparison.Ordinal);
        Assert.All(body.Split("<script").Skip(1), script => Assert.Contains($"nonce=\"{nonce}\"", script, StringComparison.Ordinal));
        Assert.DoesNotContain(nonce, await operators.GetStringAsync(new Uri("/scalar/v1", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal(401, (int)(await stranger.GetAsync(new Uri("/scalar/v1", UriKind.Relative))).StatusCode);
        Assert.Equal(404, (await api.GetAsync("/scalar/v1")).Status);
    }

    [Fact]
    public void Every_endpoint_belongs_to_one_door_and_those_of_operators_ask_who_it_is()
    {
        var endpoints = api.Services.GetRequiredService<EndpointDataSource>().Endpoints;

        Assert.NotEmpty(endpoints);
        Assert.All(endpoints, endpoint =>
        {
            var door = endpoint.Metadata.GetMetadata<Door>();
            Assert.True(door is not null, $"{endpoint.DisplayName} has no door.");
            Assert.Equal(door.IsForOperators, endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null);
        });
    }
}

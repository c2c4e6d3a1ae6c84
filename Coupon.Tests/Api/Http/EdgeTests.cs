using System.Net;
using System.Net.Http.Headers;
using Coupon.Tests.Hosting;
using Coupon.Tests.Http;
using Coupon.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coupon.Tests.Api.Http;

/// <summary>What may not get as far as an endpoint: other spellings, other sites, other hosts, encodings, bodies that break off.</summary>
public sealed class EdgeTests(ApiUnderTest api, TestServers servers) : IClassFixture<ApiUnderTest>
{
    private static readonly string[] _jsonHeaders = ["Content-Type: application/json"];

    private Uri Server => api.Http.BaseAddress!;

    [Theory]
    [InlineData("/COUPONS/{0}/close")]
    [InlineData("/coupons/{0}/Close")]
    [InlineData("/coupons/{0}/close/")]
    [InlineData("//coupons/{0}/close")]
    [InlineData("/coupons/+{0}/close")]
    [InlineData("/coupons/%2B{0}/close")]
    [InlineData("/coupons/0{0}/close")]
    [InlineData("/coupons/{0}%20/close")]
    [InlineData("/%63oupons/{0}/close")]
    [InlineData("/x/../coupons/{0}/close")]
    [InlineData("/coupons/./{0}/close")]
    public async Task A_path_has_one_spelling_and_any_other_is_not_found(string spelling)
    {
        var coupon = await api.CreateCouponAsync(1);
        var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, spelling, coupon);

        var answer = await RawConnection.AskAsync(Server, $"POST {path}");

        Assert.Equal((404, "not-found"), (answer.Status, answer.Code));
        Assert.Equal("open", (await api.GetAsync($"/coupons/{coupon}")).Text("state"));
    }

    [Fact]
    public async Task A_target_with_the_address_of_the_server_in_it_is_the_same_path()
    {
        var answer = await RawConnection.AskAsync(Server, $"GET http://{Server.Authority}/problems?limit=1");

        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    [InlineData("nonsense")]
    public async Task An_encoded_body_is_refused_with_what_is_accepted(string encoding)
    {
        var coupon = await api.CreateCouponAsync(1);

        var answer = await RawConnection.AskAsync(
            Server,
            $"POST /coupons/{coupon}/issuances",
            [.. _jsonHeaders, $"Content-Encoding: {encoding}"],
            """{"userId":1}"""
        );

        Assert.Equal((415, "unsupported-content-encoding", "identity"), (answer.Status, answer.Code, answer.Header("Accept-Encoding")));
        Assert.Equal(0, (await api.GetAsync($"/coupons/{coupon}")).Number("issued"));
    }

    [Fact]
    public async Task A_body_that_says_it_is_not_encoded_is_read()
    {
        var coupon = await api.CreateCouponAsync(1);

        var answer = await RawConnection.AskAsync(
            Server,
            $"POST /coupons/{coupon}/issuances",
            [.. _jsonHeaders, "Content-Encoding: identity"],
            """{"userId":1}"""
        );

        Assert.Equal(202, answer.Status);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/coupons")]
    [InlineData("/coupons/{0}")]
    [InlineData("/coupons/999")]
    [InlineData("/coupons/{0}/balance")]
    [InlineData("/coupons/{0}/issuances/1")]
    [InlineData("/users/1/coupons")]
    [InlineData("/problems")]
    [InlineData("/problems/sold-out")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task HEAD_is_answered_as_GET_without_the_body(string path)
    {
        var coupon = await api.CreateCouponAsync(1);
        path = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, coupon);

        using var connection = await RawConnection.OpenAsync(Server);
        await connection.SendAsync($"HEAD {path} HTTP/1.1\r\nHost: {Server.Authority}\r\n\r\n");
        var head = await connection.ReadAsync(hasBody: false);

        // What would be left of a body is read as the next answer.
        await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: {Server.Authority}\r\n\r\n");
        var get = await connection.ReadAsync();

        Assert.Equal((get.Status, get.Header("Content-Type")), (head.Status, head.Header("Content-Type")));
        Assert.NotEqual(405, get.Status);
    }

    [Fact]
    public async Task Where_a_method_is_not_allowed_those_that_are_are_named_with_HEAD()
    {
        var answer = await RawConnection.AskAsync(api.OperatorsDoor, "PUT /coupons");

        Assert.Equal((405, "method-not-allowed"), (answer.Status, answer.Code));
        Assert.Equal(["GET", "HEAD", "POST"], answer.Header("Allow")!.Split(", ").Order());
        Assert.Equal(405, (await RawConnection.AskAsync(api.OperatorsDoor, "HEAD /coupons/1/close")).Status);
    }

    [Theory]
    [InlineData("POST", "close", "application/x-www-form-urlencoded")]
    [InlineData("POST", "close", "multipart/form-data; boundary=x")]
    [InlineData("POST", "close", "text/plain")]
    [InlineData("POST", "rebuild", "application/x-www-form-urlencoded")]
    [InlineData("DELETE", "", "text/plain")]
    [InlineData("POST", "close", null)]
    public async Task What_a_form_can_send_changes_nothing(string method, string action, string? contentType)
    {
        var coupon = await api.CreateCouponAsync(1);

        var answer = await RawConnection.AskAsync(
            Server,
            $"{method} /coupons/{coupon}/{action}".TrimEnd('/'),
            contentType is null ? [] : [$"Content-Type: {contentType}"],
            "a=b"
        );

        Assert.Equal((415, "unsupported-media-type"), (answer.Status, answer.Code));
        Assert.Equal("open", (await api.GetAsync($"/coupons/{coupon}")).Text("state"));
    }

    [Theory]
    [InlineData("Origin: https://elsewhere.example")]
    [InlineData("Origin: null")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Sec-Fetch-Site: none", "Origin: https://elsewhere.example")]
    [InlineData("Sec-Fetch-Site: cross-site", "Origin: http://{0}")]
    public async Task A_page_of_another_site_changes_nothing(params string[] headers)
    {
        var coupon = await api.CreateCouponAsync(1);

        var answer = await RawConnection.AskAsync(
            Server,
            $"POST /coupons/{coupon}/close",
            headers.Select(header => string.Format(System.Globalization.CultureInfo.InvariantCulture, header, Server.Authority))
        );

        Assert.Equal((403, "cross-site"), (answer.Status, answer.Code));
        Assert.Equal("open", (await api.GetAsync($"/coupons/{coupon}")).Text("state"));
    }

    [Theory]
    [InlineData("Origin: http://{0}")]
    [InlineData("Sec-Fetch-Site: same-origin")]
    [InlineData("Sec-Fetch-Site: none")]
    public async Task A_page_of_this_site_is_served(string header)
    {
        var coupon = await api.CreateCouponAsync(1);

        var answer = await RawConnection.AskAsync(
            Server,
            $"POST /coupons/{coupon}/issuances",
            [.. _jsonHeaders, string.Format(System.Globalization.CultureInfo.InvariantCulture, header, Server.Authority)],
            """{"userId":1}"""
        );

        Assert.Equal(202, answer.Status);
    }

    [Theory]
    [InlineData("elsewhere.example", 421)]
    [InlineData("elsewhere.example:8080", 421)]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:1", 200)]
    [InlineData("10.1.2.3", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("coupon-api:8080", 200)]
    public async Task Without_a_list_only_names_that_nobody_outside_can_have_are_served(string host, int status)
    {
        var answer = await RawConnection.AskAsync(Server, "GET /problems", [$"Host: {host}"]);

        Assert.Equal((status, status == 421 ? "unknown-host" : null), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task With_a_list_the_hosts_in_it_are_served()
    {
        await using var listed = new ApiUnderTest(servers) { Settings = { ["AllowedHosts"] = "shop.example;*.sale.example;127.0.0.1" } };
        await listed.InitializeAsync();

        var statuses = new Dictionary<string, int>();
        foreach (var host in (string[])["shop.example", "SHOP.example:443", "a.sale.example", "other.example", "localhost", "127.0.0.1"])
            statuses[host] = (await RawConnection.AskAsync(listed.Http.BaseAddress!, "GET /problems", [$"Host: {host}"])).Status;

        Assert.Equal(
            new Dictionary<string, int>
            {
                ["shop.example"] = 200,
                ["SHOP.example:443"] = 200,
                ["a.sale.example"] = 200,
                ["other.example"] = 421,
                ["localhost"] = 421,
                ["127.0.0.1"] = 200,
            },
            statuses
        );
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFF0\r\n", 400)]
    [InlineData("ZZ\r\n", 400)]
    [InlineData("5\r\n{\"useXX", 400)]
    public async Task A_body_whose_framing_is_broken_is_a_400_of_the_clients_own(string body, int status)
    {
        await using var logged = await LoggedAsync();

        using (var connection = await RawConnection.OpenAsync(logged.Api.Http.BaseAddress!))
        {
            await connection.SendAsync(
                "POST /coupons/1/issuances HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + body
            );
            var answer = await connection.ReadAsync();
            Assert.Equal((status, "bad-request"), (answer.Status, answer.Code));
        }

        await logged.AssertOneDebugLineAndNoFaultAsync();
    }

    [Fact]
    public async Task A_client_that_resets_inside_its_body_is_one_debug_line_and_no_fault()
    {
        await using var logged = await LoggedAsync();

        using (var connection = await RawConnection.OpenAsync(logged.Api.Http.BaseAddress!))
        {
            await connection.SendAsync(
                "POST /coupons/1/issuances HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 20\r\nExpect: 100-continue\r\n\r\n"
            );

            // It is being read: a reset before that would end the connection before anything had come of it.
            Assert.Equal(100, (await connection.ReadAsync(hasBody: false)).Status);
            await connection.SendAsync("{\"use");
            connection.Reset();
        }

        await logged.AssertOneDebugLineAndNoFaultAsync();
    }

    [Theory]
    [InlineData("/users/1/coupons?limit=abc", "limit")]
    [InlineData("/users/1/coupons?limit=", "limit")]
    [InlineData("/users/1/coupons?limit=+5", "limit")]
    [InlineData("/users/1/coupons?limit=%205", "limit")]
    [InlineData("/users/1/coupons?limit=1&limit=2", "limit")]
    [InlineData("/users/1/coupons?limit=99999999999", "limit")]
    [InlineData("/users/1/coupons?before=x", "before")]
    [InlineData("/users/1/coupons?before=1e3", "before")]
    public async Task A_parameter_that_cannot_be_read_is_named(string path, string parameter)
    {
        var answer = await RawConnection.AskAsync(Server, $"GET {path}");

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.Code));
        Assert.Equal(parameter, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_body_that_Kestrel_refuses_is_a_problem()
    {
        using var content = new ByteArrayContent(new byte[2 * 1024 * 1024]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/coupons") { Content = content };
        request.Headers.ExpectContinue = true;

        using var response = await api.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("body-too-large", (await Answer.OfAsync(response)).Code);
    }

    [Theory]
    [InlineData("GET /coupons HTTP/1.1\r\nHost: x\r\nBad Header\r\n\r\n", 400)]
    [InlineData("NONSENSE\r\n\r\n", 400)]
    [InlineData("GET /coupons HTTP/1.1\r\n\r\n", 400)]
    public async Task What_is_no_request_of_HTTP_is_refused_before_there_is_anything_to_answer_with(string bytes, int status)
    {
        using var connection = await RawConnection.OpenAsync(Server);
        await connection.SendAsync(bytes);

        var answer = await connection.ReadAsync();

        Assert.Equal((status, "close"), (answer.Status, answer.Header("Connection")));
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_refused_and_the_next_client_is_served()
    {
        using var connection = await RawConnection.OpenAsync(Server);
        await connection.SendAsync($"GET /coupons HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 64 * 1024)}\r\n\r\n");

        Assert.Equal(431, (await connection.ReadAsync()).Status);
        Assert.Equal(200, (await api.GetAsync("/coupons?limit=1")).Status);
    }

    [Fact]
    public async Task The_document_is_made_once_and_not_sent_to_a_client_that_has_it()
    {
        var first = await RawConnection.AskAsync(Server, "GET /openapi/v1.json");
        var again = await RawConnection.AskAsync(Server, "GET /openapi/v1.json", [$"If-None-Match: {first.Header("ETag")}"]);

        Assert.Equal((200, 304), (first.Status, again.Status));
        Assert.Equal(first.Header("ETag"), again.Header("ETag"));
        Assert.Equal(first.Body, (await RawConnection.AskAsync(Server, "GET /openapi/v1.json")).Body);
    }

    [Fact]
    public async Task The_first_page_leads_to_everything_and_every_problem_is_listed()
    {
        var index = await api.GetAsync("/");
        var problems = await api.GetAsync("/problems");

        Assert.Equal((200, 200), (index.Status, problems.Status));
        foreach (var link in index.Json.GetProperty("links").EnumerateObject())
            Assert.Equal(200, (await api.GetAsync(link.Value.GetString()!)).Status);
        foreach (var problem in problems.Json.GetProperty("items").EnumerateArray())
            Assert.Equal(problem.GetProperty("code").GetString(), (await api.GetAsync(problem.GetProperty("type").GetString()!)).Text("code"));
    }

    private async Task<LoggedApi> LoggedAsync()
    {
        var logged = new ApiUnderTest(servers) { Settings = { ["Logging:LogLevel:Coupon.Api"] = "Debug" } };
        await logged.InitializeAsync();
        var lines = new Lines();
        logged.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        return new LoggedApi(logged, lines);
    }

    private sealed record LoggedApi(ApiUnderTest Api, Lines Lines) : IAsyncDisposable
    {
        public async Task AssertOneDebugLineAndNoFaultAsync()
        {
            await Eventually.IsTrueAsync(() => Lines.Written.Any(line => line.Contains("body", StringComparison.OrdinalIgnoreCase)), 10);
            Assert.StartsWith(
                "Debug: ",
                Assert.Single(Lines.Written, line => !line.StartsWith("Information: ", StringComparison.Ordinal)),
                StringComparison.Ordinal
            );
            Assert.DoesNotContain((await Api.GetAsync("/metrics")).Body.Split('\n'), line =>
                line.Contains("\"POST\"", StringComparison.Ordinal) && line.Contains("status_code=\"5", StringComparison.Ordinal)
            );
        }

        public ValueTask DisposeAsync() => Api.DisposeAsync();
    }
}

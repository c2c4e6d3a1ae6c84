using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Coupon.Tests.Api.Http;

public sealed class InputTests(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Theory]
    [InlineData("", "invalid-json")]
    [InlineData("{", "invalid-json")]
    [InlineData("null", "invalid-json")]
    [InlineData("[]", "invalid-json")]
    [InlineData("5", "invalid-json")]
    [InlineData("""{"userId":5}{"userId":6}""", "invalid-json")]
    [InlineData("""{"userId":"5"}""", "invalid-json")]
    [InlineData("""{"userId":5.5}""", "invalid-json")]
    [InlineData("""{"userId":true}""", "invalid-json")]
    [InlineData("""{"userId":{}}""", "invalid-json")]
    [InlineData("""{"userId":9223372036854775808}""", "invalid-json")]
    [InlineData("""{"userId":5,"userId":6}""", "invalid-json")]
    [InlineData("""{"userId":5,"couponId":6}""", "invalid-json")]
    [InlineData("""{"UserId":5}""", "invalid-json")]
    [InlineData("{}", "invalid-request")]
    [InlineData("""{"userId":null}""", "invalid-request")]
    [InlineData("""{"userId":0}""", "invalid-request")]
    [InlineData("""{"userId":-1}""", "invalid-request")]
    public async Task A_press_with_bad_input_is_a_clear_400_and_takes_no_seat(string body, string code)
    {
        var coupon = await api.CreateCouponAsync(10);

        var answer = await api.PostAsync($"/coupons/{coupon}/issuances", body);

        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.DoesNotContain("System.", answer.Body, StringComparison.Ordinal);
        Assert.Equal(0, (await api.GetAsync($"/coupons/{coupon}")).Number("issued"));
    }

    [Theory]
    [InlineData("""{"totalQuantity":1}""", "title")]
    [InlineData("""{"title":"","totalQuantity":1}""", "title")]
    [InlineData("""{"title":"   ","totalQuantity":1}""", "title")]
    [InlineData("""{"title":"x"}""", "totalQuantity")]
    [InlineData("""{"title":"x","totalQuantity":0}""", "totalQuantity")]
    [InlineData("""{"title":"x","totalQuantity":-1}""", "totalQuantity")]
    [InlineData("""{"title":"x","totalQuantity":1000000001}""", "totalQuantity")]
    [InlineData("""{"title":"x","totalQuantity":1,"closesAt":"2001-01-01T00:00:00Z"}""", "closesAt")]
    [InlineData("""{"title":"x","totalQuantity":1,"opensAt":"2991-01-01T00:00:00Z","closesAt":"2990-01-01T00:00:00Z"}""", "closesAt")]
    public async Task Creating_with_a_value_out_of_range_names_the_member(string body, string member)
    {
        var answer = await api.PostAsync("/coupons", body);

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.Code));
        Assert.Equal(member, Assert.Single(answer.Json.GetProperty("errors").EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("""{"title":5,"totalQuantity":1}""")]
    [InlineData("""{"title":"x","totalQuantity":"1"}""")]
    [InlineData("""{"title":"x","totalQuantity":1,"opensAt":"tomorrow"}""")]
    [InlineData("""{"title":"x","totalQuantity":1,"opensat":"2991-01-01T00:00:00Z"}""")]
    public async Task Creating_with_a_wrong_type_or_an_unknown_member_is_refused(string body)
    {
        var answer = await api.PostAsync("/coupons", body);

        Assert.Equal((400, "invalid-json"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_title_may_have_200_characters_and_no_more()
    {
        Assert.Equal(201, (await api.PostAsync("/coupons", $$"""{"title":"{{new string('ü', 200)}}","totalQuantity":1}""")).Status);
        Assert.Equal("invalid-request", (await api.PostAsync("/coupons", $$"""{"title":"{{new string('ü', 201)}}","totalQuantity":1}""")).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_is_too_large_is_refused_whether_or_not_it_says_so_beforehand(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/coupons/1/issuances");
        request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes("{\"userId\":1" + new string(' ', 512 * 1024) + "}"));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await api.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("body-too-large", (await Answer.OfAsync(response)).Code);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_whose_content_type_is_not_json_is_refused(string contentType)
    {
        using var content = new StringContent("""{"userId":5}""", Encoding.UTF8, contentType);

        using var response = await api.Http.PostAsync(new Uri("/coupons/1/issuances", UriKind.Relative), content);

        Assert.Equal("unsupported-media-type", (await Answer.OfAsync(response)).Code);
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "not-found")]
    [InlineData("GET", "/coupons/abc", 404, "not-found")]
    [InlineData("GET", "/coupons/99999999999999999999", 404, "not-found")]
    [InlineData("PUT", "/coupons", 405, "method-not-allowed")]
    [InlineData("GET", "/coupons?limit=0", 400, "invalid-request")]
    [InlineData("GET", "/coupons?limit=201", 400, "invalid-request")]
    [InlineData("GET", "/coupons?before=0", 400, "invalid-request")]
    [InlineData("GET", "/coupons?limit=ten", 400, "invalid-request")]
    [InlineData("GET", "/problems/nonsense", 404, "not-found")]
    public async Task A_refusal_of_the_framework_is_a_problem_too(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await api.Http.SendAsync(request);
        var answer = await Answer.OfAsync(response);

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task The_type_of_a_problem_is_the_address_of_its_meaning()
    {
        var problem = await api.IssueAsync(999_999_998, 5);

        var meaning = await api.GetAsync(problem.Text("type")!);

        Assert.Equal((200, "unknown-coupon"), (meaning.Status, meaning.Text("code")));
        Assert.NotEmpty(meaning.Text("meaning")!);
    }
}

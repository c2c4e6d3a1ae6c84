using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Coupon.Sale.Deployment;
using Coupon.Stock;
using Coupon.Tests.Api;
using Coupon.Tests.Consumers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Http;

/// <summary>docs/requests.http is true: each request is answered as its title says, at the door that it names, and none is left out.</summary>
public sealed class RequestsFileTests(TestServers servers)
{
    [Fact]
    public async Task Every_request_is_answered_as_its_title_says_and_every_operation_has_one()
    {
        // Its answer ends with the stream.
        await using var api = new ApiUnderTest(servers) { Settings = { ["Events:Duration"] = "00:00:01" } };
        await api.InitializeAsync();
        await using var consumer = await ConsumerFixture.StartAsync(api.Service, owns: false);
        var file = RequestsFile.Read();
        var doors = new Dictionary<string, Uri>
        {
            ["api"] = api.Http.BaseAddress!,
            ["operators"] = api.OperatorsDoor,
            ["consumer"] = new(consumer.OperatorsUrl),
        };
        foreach (var (name, address) in doors)
            file.Set(name, address.ToString());
        file.Set("key", ServiceProcess.OperatorKey);
        using var http = new HttpClient();

        foreach (var written in file.Requests)
        {
            // A coupon is deleted when its rows are written, and nothing of it waits in the outbox.
            if (written.Method == HttpMethod.Delete)
                await WrittenAsync(api, file.Build(written).RequestUri!.AbsolutePath);
            using var request = file.Build(written);
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.True(IsExpected(written, (int)answer.StatusCode, body), $"{written.Title}: {(int)answer.StatusCode} {body}");
            file.Keep(written, body);
        }

        foreach (var (name, address) in doors)
            Assert.DoesNotContain(await OperationsAsync(http, address), operation => !file.Requests.Any(written => Is(written, name, operation)));
    }

    private static bool IsExpected(WrittenRequest written, int status, string body) =>
        written.Refusal is { } refusal
            ? refusal == (status, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString())
            : status is >= 200 and < 300;

    private static async Task WrittenAsync(ApiUnderTest api, string path)
    {
        await Eventually.IsTrueAsync(async () => (await api.GetAsync($"{path}/balance")).Number("persisted") == 1, "the row is written");
        var keys = new CouponKeys(long.Parse(path.Split('/')[^1], CultureInfo.InvariantCulture));
        await Eventually.IsTrueAsync(async () => await api.Redis.SortedSetLengthAsync(keys.Outbox) == 0, "the outbox is empty");
    }

    private static async Task<List<(string Method, string Path)>> OperationsAsync(HttpClient http, Uri door)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(door, "/openapi/v1.json"));
        request.Headers.Add("X-Operator-Key", ServiceProcess.OperatorKey);
        using var answer = await http.SendAsync(request);
        return
        [
            .. JsonDocument
                .Parse(await answer.Content.ReadAsStringAsync())
                .RootElement.GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path => path.Value.EnumerateObject().Select(operation => (operation.Name.ToUpperInvariant(), path.Name))),
        ];
    }

    private static bool Is(WrittenRequest written, string door, (string Method, string Path) operation)
    {
        var path = string.Join("[^/?]+", Regex.Split(operation.Path, @"\{\w+\}").Select(Regex.Escape));
        return written.Method.Method == operation.Method
            && written.Refusal is null or (404, _)
            && Regex.IsMatch(written.Target, $@"^\{{\{{{door}\}}\}}{path}(\?|$)");
    }
}

using System.Net;
using System.Text.RegularExpressions;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>The console as a program that reads pages and posts their forms sees it: what a browser would be too slow for.</summary>
internal sealed partial class ConsoleClient : IDisposable
{
    private readonly HttpClient _http;

    private ConsoleClient(Uri address) =>
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
        {
            BaseAddress = address,
        };

    public static ConsoleClient Open(ConsumerBench bench) => new(new Uri(bench.OperatorsUrl));

    public static async Task<ConsoleClient> SignInAsync(ConsumerBench bench)
    {
        var console = Open(bench);
        Assert.Equal(HttpStatusCode.Redirect, (await console.SignInAsync(ConsumerBench.OperatorKey)).Status);
        return console;
    }

    public async Task<ConsoleAnswer> SignInAsync(string key) =>
        await PostAsync("/console/sign-in", await TokenAsync("/console/sign-in"), ("name", "Olga Operator"), ("key", key));

    /// <param name="path">Where to.</param>
    /// <param name="elsewhere">
    /// Another instance, to which a browser sends the same cookies, since they know no ports; null: the one that it signed in at.
    /// </param>
    public async Task<ConsoleAnswer> GetAsync(string path, string? elsewhere = null)
    {
        using var answer = await _http.GetAsync(new Uri(new Uri(elsewhere ?? _http.BaseAddress!.ToString()), path), ConsumerBench.Stop);
        return await OfAsync(answer);
    }

    /// <param name="path">Where to.</param>
    /// <param name="token">The token of the page's form; null: none, as another site would have to.</param>
    /// <param name="fields">The fields.</param>
    public async Task<ConsoleAnswer> PostAsync(string path, string? token, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent([
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
            .. token is null ? [] : (KeyValuePair<string, string>[])[new("__RequestVerificationToken", token)],
        ]);
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), form, ConsumerBench.Stop);
        return await OfAsync(answer);
    }

    /// <summary>The antiforgery token that the forms of a page carry.</summary>
    public async Task<string> TokenAsync(string path) => Token().Match((await GetAsync(path)).Body).Groups["token"].Value;

    /// <summary>All hidden fields of a page's form, as a browser sends them back.</summary>
    public async Task<(string Name, string Value)[]> FieldsAsync(string path) =>
        [
            .. Hidden()
                .Matches((await GetAsync(path)).Body)
                .Select(field => (Name: field.Groups["name"].Value, field.Groups["value"].Value))
                .DistinctBy(field => field.Name),
        ];

    public void Dispose() => _http.Dispose();

    private static async Task<ConsoleAnswer> OfAsync(HttpResponseMessage answer) =>
        new(
            answer.StatusCode,
            await answer.Content.ReadAsStringAsync(ConsumerBench.Stop),
            answer.Content.Headers.ContentType?.MediaType,
            answer.Headers.RetryAfter?.Delta
        );

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Hidden();
}

/// <summary>A page that came back.</summary>
internal sealed record ConsoleAnswer(HttpStatusCode Status, string Body, string? ContentType, TimeSpan? RetryAfter);

using System.Net;
using System.Text.RegularExpressions;

namespace Coupon.Tests.Consumers.Pages;

/// <summary>A program that reads the console's pages and posts their forms, faster than a browser.</summary>
internal sealed partial class ConsoleClient : IDisposable
{
    private const string SessionCookie = "coupon-operator";

    private readonly HttpClient _http;
    private readonly CookieContainer _cookies = new();

    private ConsoleClient(Uri address) =>
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies }) { BaseAddress = address };

    /// <summary>What the cookie of the session holds.</summary>
    public string Session
    {
        get => _cookies.GetCookies(_http.BaseAddress!)[SessionCookie]!.Value;
        set => _cookies.Add(_http.BaseAddress!, new Cookie(SessionCookie, value));
    }

    /// <summary>Another browser, with the cookies as they are now.</summary>
    public ConsoleClient Copy()
    {
        var copy = new ConsoleClient(_http.BaseAddress!);
        foreach (Cookie cookie in _cookies.GetAllCookies())
            copy._cookies.Add(_http.BaseAddress!, new Cookie(cookie.Name, cookie.Value));
        return copy;
    }

    public static ConsoleClient Open(ConsumerFixture fixture) => new(new Uri(fixture.OperatorsUrl));

    /// <summary>With a token, as a proxy adds it.</summary>
    public static ConsoleClient Open(ConsumerFixture fixture, string token)
    {
        var console = Open(fixture);
        console._http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return console;
    }

    public static async Task<ConsoleClient> SignInAsync(ConsumerFixture fixture)
    {
        var console = Open(fixture);
        Assert.Equal(HttpStatusCode.Redirect, (await console.SignInAsync(ConsumerFixture.OperatorKey)).Status);
        return console;
    }

    public async Task<ConsoleAnswer> SignInAsync(string key) =>
        await PostAsync("/console/sign-in", await TokenAsync("/console/sign-in"), ("name", "Olga Operator"), ("key", key));

    /// <param name="path">The path.</param>
    /// <param name="elsewhere">
    /// Another instance, to which a browser sends the same cookies, since cookies do not distinguish ports (RFC 6265, section 8.5); null: the one
    /// that it signed in at.
    /// </param>
    public async Task<ConsoleAnswer> GetAsync(string path, string? elsewhere = null)
    {
        using var answer = await _http.GetAsync(new Uri(new Uri(elsewhere ?? _http.BaseAddress!.ToString()), path), ConsumerFixture.Stop);
        return await OfAsync(answer);
    }

    /// <param name="instance">Another instance than the one that it signed in at.</param>
    /// <param name="path">The path.</param>
    /// <param name="token">The antiforgery token of a page's form.</param>
    /// <param name="fields">The fields.</param>
    public Task<ConsoleAnswer> PostToAsync(ConsumerFixture instance, string path, string token, params (string Name, string Value)[] fields) =>
        PostAsync(instance.OperatorsUrl + path, token, fields);

    /// <param name="path">The path.</param>
    /// <param name="token">The antiforgery token of the page's form; null: none, as in a request from another site.</param>
    /// <param name="fields">The fields.</param>
    public async Task<ConsoleAnswer> PostAsync(string path, string? token, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent([
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
            .. token is null ? [] : (KeyValuePair<string, string>[])[new("__RequestVerificationToken", token)],
        ]);
        using var answer = await _http.PostAsync(new Uri(_http.BaseAddress!, path), form, ConsumerFixture.Stop);
        return await OfAsync(answer);
    }

    /// <summary>The antiforgery token that the forms of a page carry.</summary>
    public async Task<string> TokenAsync(string path) => TokenOf((await GetAsync(path)).Body);

    /// <summary>The same of a page that was read already.</summary>
    public static string TokenOf(string page) => Token().Match(page).Groups["token"].Value;

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
            await answer.Content.ReadAsStringAsync(ConsumerFixture.Stop),
            answer.Content.Headers.ContentType?.MediaType,
            answer.Headers.RetryAfter?.Delta,
            answer.Headers.Location?.OriginalString
        );

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Hidden();
}

/// <summary>The response to a request.</summary>
internal sealed record ConsoleAnswer(HttpStatusCode Status, string Body, string? ContentType, TimeSpan? RetryAfter, string? Location);

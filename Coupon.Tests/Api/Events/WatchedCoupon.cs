using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Coupon.Tests.Api.Events;

/// <summary>A client that follows the events of a coupon.</summary>
internal sealed class WatchedCoupon : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private WatchedCoupon(HttpResponseMessage answer, Stream body) =>
        (_answer, _events) = (answer, SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator());

    public HttpResponseMessage Answer => _answer;

    /// <summary>Asks for the events, and fails where they are refused.</summary>
    public static async Task<WatchedCoupon> OpenAsync(HttpClient http, long coupon, string query = "")
    {
        var answer = await AskAsync(http, coupon, query);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        return new WatchedCoupon(answer, await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Asks for the events.</summary>
    public static Task<HttpResponseMessage> AskAsync(HttpClient http, long coupon, string query = "") =>
        http.GetAsync($"/coupons/{coupon}/events{query}", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    /// <summary>The next event; null: the stream has ended in order.</summary>
    public async Task<(string Name, JsonElement Data)?> NextAsync()
    {
        if (!await _events.MoveNextAsync())
            return null;
        return (_events.Current.EventType, JsonDocument.Parse(_events.Current.Data).RootElement);
    }

    /// <summary>Reads up to the event that is as described.</summary>
    public async Task<JsonElement> UntilAsync(string name, Func<JsonElement, bool> isIt)
    {
        while (await NextAsync() is { } next)
        {
            if (next.Name == name && isIt(next.Data))
                return next.Data;
        }

        throw new InvalidOperationException($"The stream has ended without the event {name}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        _answer.Dispose();
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Coupon.Tests.Api.Faults;

/// <summary>New users at a steady rate, whatever the service does; it remembers by name who was told which ordinal.</summary>
internal sealed class SteadyCrowd(long couponId, params Uri[] instances) : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private long _lastUser;

    /// <summary>What 202 said: user → ordinal.</summary>
    public ConcurrentDictionary<long, long> Accepted { get; } = new();

    /// <summary>How often anything else came: code, status, or "no answer".</summary>
    public ConcurrentDictionary<string, int> Refused { get; } = new();

    /// <summary>Asks for this long, so many times a second.</summary>
    public async Task AskAsync(TimeSpan duration, int perSecond)
    {
        var asked = new List<Task>();
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Beat, TimeProvider.System);
        while (TimeProvider.System.GetElapsedTime(started) < duration)
        {
            var due = (int)(TimeProvider.System.GetElapsedTime(started).TotalSeconds * perSecond) - asked.Count;
            for (var i = 0; i < due; i++) asked.Add(AskOnceAsync(++_lastUser));
            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(asked);
    }

    public void Dispose() => _http.Dispose();

    private async Task AskOnceAsync(long user)
    {
        var url = new Uri(instances[user % instances.Length], $"/coupons/{couponId}/issuances");
        try
        {
            using var answer = await _http.PostAsJsonAsync(url, new { userId = user });
            var body = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
            if (answer.StatusCode == HttpStatusCode.Accepted) Accepted[user] = body.GetProperty("ordinal").GetInt64();
            else Refused.AddOrUpdate(body.GetProperty("code").GetString()!, 1, (_, count) => count + 1);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            Refused.AddOrUpdate("no answer", 1, (_, count) => count + 1);
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Coupon.Tests.Servers;

/// <summary>
/// Users who press for one coupon on several API instances, and remember by name what they were told: as fast as they are answered
/// (<see cref="Start"/>), or new users at a steady rate (<see cref="AskAsync"/>).
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    /// <summary>The connection broke, or nothing came in time.</summary>
    public const string NoAnswer = "no answer";

    private static readonly TimeSpan _beat = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _retryAfter = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http;
    private readonly CancellationTokenSource _enough = new();
    private readonly long _couponId;
    private readonly IReadOnlyList<Uri> _instances;
    private IReadOnlyList<Task> _askers = [];
    private int _lastUser;
    private int _accepted;
    private long _acceptedAt = TimeProvider.System.GetTimestamp();
    private long _longestPause;

    public Crowd(long couponId, params Uri[] instances)
        : this(couponId, instances, new SocketsHttpHandler(), TimeSpan.FromSeconds(20)) { }

    private Crowd(long couponId, IReadOnlyList<Uri> instances, SocketsHttpHandler handler, TimeSpan timeout)
    {
        (_couponId, _instances) = (couponId, instances);
        _http = new HttpClient(handler) { Timeout = timeout };
    }

    /// <summary>What 202 said: user → ordinal.</summary>
    public ConcurrentDictionary<long, long> Promised { get; } = new();

    /// <summary>Every seat that somebody was told is theirs, as often as it was said.</summary>
    public ConcurrentQueue<ToldSeat> Told { get; } = new();

    /// <summary>How many were told 202.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>The longest time from one 202 to the next, or to now. For the output of a test, not for an assertion.</summary>
    public TimeSpan LongestPause =>
        new(Math.Max(Volatile.Read(ref _longestPause), TimeProvider.System.GetElapsedTime(Volatile.Read(ref _acceptedAt)).Ticks));

    /// <summary>How often each refusal came: its code, or <see cref="NoAnswer"/>.</summary>
    public ConcurrentDictionary<string, int> Refused { get; } = new();

    /// <summary>Starts asking without a pause: new users mostly, and now and then somebody who asked before.</summary>
    public static Crowd Start(IReadOnlyList<Uri> instances, long couponId, int users = 1_000_000, int askers = 24)
    {
        var crowd = new Crowd(couponId, instances, new SocketsHttpHandler { MaxConnectionsPerServer = 64 }, TimeSpan.FromSeconds(10));
        crowd._askers = [.. Enumerable.Range(0, askers).Select(number => Task.Run(() => crowd.KeepAskingAsync(number, users)))];
        return crowd;
    }

    /// <summary>New users for this long, so many a second, whatever the service does. Ends when the last of them has an answer.</summary>
    public async Task AskAsync(TimeSpan duration, int perSecond)
    {
        var asked = new List<Task>();
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(_beat, TimeProvider.System);
        while (TimeProvider.System.GetElapsedTime(started) < duration)
        {
            var due = (int)(TimeProvider.System.GetElapsedTime(started).TotalSeconds * perSecond) - asked.Count;
            for (var i = 0; i < due; i++)
            {
                var user = ++_lastUser;
                asked.Add(PressAsync(user, _instances[user % _instances.Count]));
            }

            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(asked);
    }

    /// <summary>Waits until so many more were accepted.</summary>
    public Task UntilAcceptedAsync(int more, int seconds = 30)
    {
        var goal = Accepted + more;
        return Eventually.IsTrueAsync(
            () => Accepted >= goal,
            seconds,
            () => $"{goal - Accepted} of {more} not accepted; refused: {string.Join(", ", Refused)}"
        );
    }

    /// <summary>Waits until so many more were refused for one of some reasons.</summary>
    public Task UntilRefusedAsync(int more, params string[] reasons)
    {
        int Count() => reasons.Sum(reason => Refused.GetValueOrDefault(reason));
        var goal = Count() + more;
        return Eventually.IsTrueAsync(() => Count() >= goal, otherwise: () => $"refused: {string.Join(", ", Refused)}");
    }

    public async Task StopAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_askers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _enough.Dispose();
    }

    private void RememberPause()
    {
        var pause = TimeProvider.System.GetElapsedTime(Interlocked.Exchange(ref _acceptedAt, TimeProvider.System.GetTimestamp())).Ticks;
        for (var longest = Volatile.Read(ref _longestPause); pause > longest; longest = Volatile.Read(ref _longestPause))
            Interlocked.CompareExchange(ref _longestPause, pause, longest);
    }

    private async Task KeepAskingAsync(int number, int users)
    {
        var random = new Random(number);
        while (!_enough.IsCancellationRequested)
        {
            var last = Volatile.Read(ref _lastUser);
            long user = last > 100 && random.Next(4) == 0 ? random.Next(1, last) : Math.Min(Interlocked.Increment(ref _lastUser), users);

            // A client that is told to try again waits a little first.
            var status = await PressAsync(user, _instances[random.Next(_instances.Count)]);
            if (status == HttpStatusCode.ServiceUnavailable)
                await Task.Delay(_retryAfter, TimeProvider.System);
        }
    }

    private async Task<HttpStatusCode?> PressAsync(long user, Uri instance)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync(new Uri(instance, $"/coupons/{_couponId}/issuances"), new { userId = user });
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Remember(user, answer.StatusCode, body.RootElement);
            return answer.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            Refused.AddOrUpdate(NoAnswer, 1, (_, count) => count + 1);
            return null;
        }
    }

    private void Remember(long user, HttpStatusCode status, JsonElement body)
    {
        if (status == HttpStatusCode.Accepted)
        {
            var ordinal = body.GetProperty("ordinal").GetInt64();
            Told.Enqueue(new ToldSeat(user, ordinal, ToldSeat.Word.Accepted));
            Promised[user] = ordinal;
            Interlocked.Increment(ref _accepted);
            RememberPause();
            return;
        }

        var code = body.GetProperty("code").GetString()!;
        if (code == "already-issued")
            Told.Enqueue(new ToldSeat(user, body.GetProperty("ordinal").GetInt64(), ToldSeat.Word.AlreadyIssued));
        Refused.AddOrUpdate(code, 1, (_, count) => count + 1);
    }
}

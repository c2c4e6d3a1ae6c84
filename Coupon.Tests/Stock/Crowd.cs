using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Coupon.Tests.Stock;

/// <summary>People who keep asking several API instances for one coupon, and remember by name what they were told.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    /// <summary>The connection broke, or nothing came in time.</summary>
    public const string NoAnswer = "no answer";

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly CancellationTokenSource _enough = new();
    private readonly IReadOnlyList<Uri> _instances;
    private readonly long _couponId;
    private readonly int _users;
    private readonly List<Task> _askers;
    private int _lastUser;
    private int _accepted;

    private Crowd(IReadOnlyList<Uri> instances, long couponId, int users, int askers)
    {
        (_instances, _couponId, _users) = (instances, couponId, users);
        _askers = [.. Enumerable.Range(0, askers).Select(number => Task.Run(() => AskAsync(number)))];
    }

    /// <summary>Every seat that somebody was told is theirs, as often as it was said.</summary>
    public ConcurrentQueue<ToldSeat> Told { get; } = new();

    /// <summary>How many were told 202.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How often each refusal came, by code.</summary>
    public ConcurrentDictionary<string, int> Refused { get; } = new();

    /// <summary>Starts asking: new users mostly, and now and then somebody who asked before.</summary>
    public static Crowd Start(IReadOnlyList<Uri> instances, long couponId, int users = 1_000_000, int askers = 24) => new(instances, couponId, users, askers);

    /// <summary>Waits until so many more were accepted.</summary>
    public async Task UntilAcceptedAsync(int more, int seconds = 30)
    {
        var goal = Accepted + more;
        var started = TimeProvider.System.GetTimestamp();
        while (Accepted < goal)
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(seconds))
                throw new TimeoutException($"{goal - Accepted} of {more} not accepted after {seconds} s; refused: {string.Join(", ", Refused)}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
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

    private async Task AskAsync(int number)
    {
        var random = new Random(number);
        while (!_enough.IsCancellationRequested)
        {
            var last = Volatile.Read(ref _lastUser);
            long user = last > 100 && random.Next(4) == 0 ? random.Next(1, last) : Math.Min(Interlocked.Increment(ref _lastUser), _users);
            try
            {
                using var answer = await _http.PostAsJsonAsync(new Uri(_instances[random.Next(_instances.Count)], $"/coupons/{_couponId}/issuances"), new { userId = user });
                await HearAsync(user, answer);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                Refused.AddOrUpdate(NoAnswer, 1, (_, count) => count + 1);
            }
        }
    }

    private async Task HearAsync(long user, HttpResponseMessage answer)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        if (answer.StatusCode == HttpStatusCode.Accepted)
        {
            Told.Enqueue(new ToldSeat(user, body.RootElement.GetProperty("ordinal").GetInt64(), ToldSeat.Word.Accepted));
            Interlocked.Increment(ref _accepted);
            return;
        }

        var code = body.RootElement.GetProperty("code").GetString()!;
        if (code == "already-issued") Told.Enqueue(new ToldSeat(user, body.RootElement.GetProperty("ordinal").GetInt64(), ToldSeat.Word.AlreadyIssued));
        Refused.AddOrUpdate(code, 1, (_, count) => count + 1);

        // As people do who are told to try again.
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }
}

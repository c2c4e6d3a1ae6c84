using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Coupon.Faults.Histories;

namespace Coupon.Faults.Clients;

/// <summary>
/// Users who come at a fixed rate, whatever the service does, and press as people and libraries do: again after a refusal or a broken connection, at
/// the other instance, some with an Idempotency-Key, some out of impatience when they have a seat already.
/// </summary>
internal sealed class Crowd : IDisposable
{
    private const int MostPresses = 5;
    private static readonly TimeSpan _beat = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(4);

    // Whoever waits for longer than an instance may be frozen hears what it says when it thaws.
    private static readonly TimeSpan _longPatience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
    private readonly Func<IReadOnlyList<(string Name, Uri Url)>> _instances;
    private readonly long _couponId;
    private readonly int _seed;
    private readonly History _history;

    /// <summary>Nobody comes before <see cref="ComeAsync"/>.</summary>
    /// <param name="instances">The names and addresses of the instances of this moment, at least one.</param>
    /// <param name="couponId">What is sold.</param>
    /// <param name="seed">What every user does is drawn from it.</param>
    /// <param name="history">Where the answers go.</param>
    public Crowd(Func<IReadOnlyList<(string Name, Uri Url)>> instances, long couponId, int seed, History history)
    {
        (_instances, _couponId, _seed, _history) = (instances, couponId, seed, history);
    }

    /// <summary>New users, so many a second, until told that it is enough. Ends when the last of them has gone.</summary>
    public async Task ComeAsync(int perSecond, CancellationToken enough)
    {
        var users = new List<Task>();
        var began = _history.Now;
        while (!enough.IsCancellationRequested)
        {
            for (var due = (int)((_history.Now - began).TotalSeconds * perSecond) - users.Count; due > 0; due--)
            {
                var user = users.Count + 1;
                users.Add(Task.Run(() => BuyAsync(user), CancellationToken.None));
            }

            await Task.Delay(_beat, TimeProvider.System, CancellationToken.None);
        }

        await Task.WhenAll(users);
    }

    /// <summary>Asks every instance for the status of some of those who were told a seat.</summary>
    public async Task AskAgainAsync(int most)
    {
        var random = new Random(_seed);
        List<long> told = [.. _history.Answers.Where(answer => answer.Tells).Select(answer => answer.UserId).Distinct().Order()];
        foreach (var user in told.Count <= most ? told : [.. random.GetItems([.. told], most).Distinct()])
        {
            foreach (var instance in _instances())
                await StatusAsync(user, instance);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task BuyAsync(long user)
    {
        var random = new Random(unchecked((_seed * 1_000_003) ^ (int)user));
        var key = random.Next(2) == 0 ? Guid.CreateVersion7().ToString() : null;
        var at = random.Next(_instances().Count);
        for (var press = 1; press <= MostPresses; press++)
        {
            var answer = await PressAsync(user, Instance(at), key);
            if (answer.Tells || answer.IsService || IsFinal(answer))
                break;

            // Whoever is refused comes again in a moment, mostly at the other instance.
            at = random.Next(4) == 0 ? at : at + 1;
            await Task.Delay(_longestPause * (0.3 + 0.7 * random.NextDouble()), TimeProvider.System);
        }

        if (random.Next(4) != 0)
            return;
        await Task.Delay(TimeSpan.FromSeconds(2 * random.NextDouble()), TimeProvider.System);
        if (random.Next(2) == 0)
            await PressAsync(user, Instance(at + 1), key: null);
        else
            await StatusAsync(user, Instance(at + 1));
    }

    private (string Name, Uri Url) Instance(int at)
    {
        var instances = _instances();
        return instances[at % instances.Count];
    }

    private Task<Answer> PressAsync(long user, (string Name, Uri Url) instance, string? key) => AskAsync(user, instance.Name, () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri(instance.Url, Text($"/coupons/{_couponId}/issuances")))
            {
                Content = JsonContent.Create(new { userId = user }),
            };
            if (key is not null)
                request.Headers.Add("Idempotency-Key", key);
            return request;
        });

    private Task<Answer> StatusAsync(long user, (string Name, Uri Url) instance) =>
        AskAsync(user, instance.Name, () =>
            new HttpRequestMessage(HttpMethod.Get, new Uri(instance.Url, Text($"/coupons/{_couponId}/issuances/{user}")))
        );

    private async Task<Answer> AskAsync(long user, string instance, Func<HttpRequestMessage> make)
    {
        var sent = _history.Now;
        var (kind, ordinal, code) = (AnswerKind.None, 0L, "");
        using var patience = new CancellationTokenSource(IsPatient(user) ? _longPatience : _patience, TimeProvider.System);
        try
        {
            using var request = make();
            using var answer = await _http.SendAsync(request, patience.Token);
            (kind, ordinal, code) = Read(answer.StatusCode, await answer.Content.ReadAsStringAsync(patience.Token));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException)
        {
            code = exception is OperationCanceledException ? "time-out" : exception.GetType().Name;
        }

        var heard = new Answer(sent, _history.Now, user, instance, kind, ordinal, code);
        _history.Answers.Enqueue(heard);
        return heard;
    }

    private static bool IsPatient(long user) => user % 4 == 0;

    private static bool IsFinal(Answer answer) =>
        answer.Kind == AnswerKind.Refused && answer.Code is not ("stock-unavailable" or "stock-unverified" or "outbox-full");

    private static (AnswerKind Kind, long Ordinal, string Code) Read(HttpStatusCode status, string text)
    {
        using var body = JsonDocument.Parse(text);
        var ordinal = body.RootElement.TryGetProperty("ordinal", out var number) ? number.GetInt64() : 0;
        var code = body.RootElement.TryGetProperty("code", out var word) ? word.GetString()! : "";
        return status switch
        {
            HttpStatusCode.Accepted => (AnswerKind.Accepted, ordinal, code),
            HttpStatusCode.OK => (AnswerKind.Status, ordinal, code),
            HttpStatusCode.Conflict when ordinal > 0 => (AnswerKind.AlreadyIssued, ordinal, code),
            _ => (AnswerKind.Refused, 0, code),
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Coupon.Tests.Http;

namespace Coupon.Tests.Fuzz;

/// <summary>
/// Sends requests of a seed and judges each answer: one always comes, no 5xx but a 503 that says why, and every refusal is problem details. The
/// seed and the number of a request are printed with what it did: the same seed makes the same requests again, but for the ids that exist then.
/// <c>COUPON_FUZZ_REQUESTS</c> and <c>COUPON_FUZZ_SEED</c> choose others.
/// </summary>
internal sealed class FuzzRun(Uri server, FuzzRequests requests)
{
    private const int Few = 400;
    private const int Clients = 8;

    // What a server says that could not make out a request, so that there is nothing to make a body for (Kestrel, RFC 9110).
    private static readonly int[] _withoutBody = [400, 405, 408, 411, 413, 414, 417, 431, 501, 505];

    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentQueue<string> _faults = new();

    public static int Requests { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("COUPON_FUZZ_REQUESTS"), CultureInfo.InvariantCulture, out var count) ? count : Few;

    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("COUPON_FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed)
            ? seed
            : Random.Shared.Next();

    /// <summary>What was answered, by status, how often.</summary>
    public IReadOnlyDictionary<int, int> Statuses => _statuses;

    /// <param name="ids">Ids that exist at the moment.</param>
    /// <param name="answered">Called with each answer.</param>
    public async Task SendAllAsync(Func<IReadOnlyList<long>> ids, Action<RawAnswer> answered)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"COUPON_FUZZ_SEED={Seed} COUPON_FUZZ_REQUESTS={Requests}");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Requests),
            new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) =>
            {
                var request = requests.Next(new Noise(new Random(HashCode.Combine(Seed, number))), ids());
                try
                {
                    Judge(number, request, await SendAsync(request), answered);
                }
                catch (Exception exception) when (exception is IOException && !(request.IsWhole && request.IsHttp))
                {
                    // It stopped in the middle, or was none of HTTP: the connection may just end.
                }
                catch (Exception exception) when (exception is IOException or TimeoutException or FormatException or JsonException)
                {
                    Fault(number, request, exception.Message);
                }
            }
        );
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(", ", _statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"))
        );
        Assert.True(_faults.IsEmpty, $"Seed {Seed}: {_faults.Count} faults, the first:\n{string.Join("\n---\n", _faults.Take(10))}");
    }

    private async Task<RawAnswer> SendAsync(FuzzRequest request)
    {
        using var connection = await RawConnection.OpenAsync(server);
        await connection.SendAsync(request.Bytes);
        if (!request.IsWhole)
            connection.EndSending();
        var answer = await connection.ReadAsync(!request.IsHead);
        return answer.Status == 100 ? await connection.ReadAsync(!request.IsHead) : answer;
    }

    private void Judge(int number, FuzzRequest request, RawAnswer answer, Action<RawAnswer> answered)
    {
        _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
        answered(answer);
        if (answer.Status >= 500 && answer.Status != 503 && !(answer.Status is 501 or 505 && !request.IsHttp))
            Fault(number, request, $"{answer.Status} {answer.Body}");
        else if (answer.Status < 400 || request.IsHead)
            return;
        else if (answer.Body.Length == 0 && !(_withoutBody.Contains(answer.Status) && !(request.IsHttp && request.IsWhole)))
            Fault(number, request, $"{answer.Status} without a body");
        else if (answer.Body.Length > 0 && answer.Header("Content-Type") != "text/html; charset=utf-8" && answer.Code is null)
            Fault(number, request, $"{answer.Status} is not problem details: {answer.Header("Content-Type")} {answer.Body}");
        else if (answer.Status == 503 && answer.Header("Retry-After") is null)
            Fault(number, request, "503 without Retry-After");
    }

    private void Fault(int number, FuzzRequest request, string what) => _faults.Enqueue($"request {number}: {what}\n{request}");
}

using System.Globalization;
using System.Net;
using Coupon.Benchmarks.Stack;

namespace Coupon.Benchmarks.Load;

/// <summary>
/// Checks that the answers that wrk counted as "no 2xx" were refusals. A script in wrk that reads each answer would slow the load. So one press
/// before and one after must be answered with "sold out", and a server that counts its answers must have counted as many with that status.
/// </summary>
internal sealed class RefusalCheck
{
    private const string Counter = "http_server_request_duration_seconds_count{";
    private const string Refused = "http_response_status_code=\"409\"";

    private static readonly HttpClient _client = new();

    private readonly Uri _address;
    private readonly long _couponId;
    private readonly long _userId;
    private readonly long? _before;

    private RefusalCheck(Uri address, long couponId, long userId, long? before) =>
        (_address, _couponId, _userId, _before) = (address, couponId, userId, before);

    /// <param name="address">The server.</param>
    /// <param name="couponId">The coupon that is sold out.</param>
    /// <param name="userId">A user outside the load.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It is not sold out.</exception>
    public static async Task<RefusalCheck> BeginAsync(Uri address, long couponId, long userId, CancellationToken cancellationToken)
    {
        await PressAsync(address, couponId, userId, cancellationToken);
        return new RefusalCheck(address, couponId, userId, await CountAsync(address, cancellationToken));
    }

    /// <exception cref="InvalidOperationException">It is not sold out any more, or some answers had another status.</exception>
    public async Task EndAsync(long answers, CancellationToken cancellationToken)
    {
        await PressAsync(_address, _couponId, _userId, cancellationToken);
        if (_before is not { } before)
            return;
        var refused = (await CountAsync(_address, cancellationToken) ?? 0) - before;
        if (refused < answers)
            throw new InvalidOperationException($"{_address}, coupon {_couponId}: of {answers} answers only {refused} were refusals.");
    }

    private static async Task PressAsync(Uri address, long couponId, long userId, CancellationToken cancellationToken)
    {
        using var answer = await CouponClient.PressAsync(address, couponId, userId, cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Conflict || !body.Contains("\"code\":\"sold-out\"", StringComparison.Ordinal))
            throw new InvalidOperationException($"{address}, coupon {couponId}: not sold out: {(int)answer.StatusCode} {body}");
    }

    // Null: the server has no metrics.
    private static async Task<long?> CountAsync(Uri address, CancellationToken cancellationToken)
    {
        using var answer = await _client.GetAsync(new Uri(address, "/metrics"), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        var lines = (await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken)).Split('\n');
        return lines
            .Where(line => line.StartsWith(Counter, StringComparison.Ordinal) && line.Contains(Refused, StringComparison.Ordinal))
            .Sum(line =>
                long.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture)
            );
    }
}

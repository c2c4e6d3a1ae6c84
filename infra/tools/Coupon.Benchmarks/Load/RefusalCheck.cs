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

    private readonly ServerProcess _server;
    private readonly long _couponId;
    private readonly long _userId;
    private readonly long? _before;

    private RefusalCheck(ServerProcess server, long couponId, long userId, long? before) =>
        (_server, _couponId, _userId, _before) = (server, couponId, userId, before);

    /// <param name="server">The server.</param>
    /// <param name="couponId">The coupon that is sold out.</param>
    /// <param name="userId">A user outside the load.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It is not sold out.</exception>
    public static async Task<RefusalCheck> BeginAsync(ServerProcess server, long couponId, long userId, CancellationToken cancellationToken)
    {
        await PressAsync(server.Address, couponId, userId, cancellationToken);
        return new RefusalCheck(server, couponId, userId, await CountAsync(server, cancellationToken));
    }

    /// <exception cref="InvalidOperationException">It is not sold out any more, or some answers had another status.</exception>
    public async Task EndAsync(long answers, CancellationToken cancellationToken)
    {
        await PressAsync(_server.Address, _couponId, _userId, cancellationToken);
        if (_before is not { } before)
            return;
        var refused = (await CountAsync(_server, cancellationToken) ?? 0) - before;
        if (refused < answers)
            throw new InvalidOperationException($"{_server.Name}, coupon {_couponId}: of {answers} answers only {refused} were refusals.");
    }

    private static async Task PressAsync(Uri address, long couponId, long userId, CancellationToken cancellationToken)
    {
        using var answer = await CouponClient.PressAsync(address, couponId, userId, cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Conflict || !body.Contains("\"code\":\"sold-out\"", StringComparison.Ordinal))
            throw new InvalidOperationException($"{address}, coupon {couponId}: not sold out: {(int)answer.StatusCode} {body}");
    }

    // Null: the server has no metrics.
    private static async Task<long?> CountAsync(ServerProcess server, CancellationToken cancellationToken) =>
        (await CouponClient.MetricsAsync(server, cancellationToken))
            ?.Split('\n')
            .Where(line => line.StartsWith(Counter, StringComparison.Ordinal) && line.Contains(Refused, StringComparison.Ordinal))
            .Sum(line =>
                long.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture)
            );
}

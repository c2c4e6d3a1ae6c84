using Coupon.Sale.Deployment;

namespace Coupon.Benchmarks.Stack;

/// <summary>Calls of Coupon.Api that a benchmark needs besides the load.</summary>
internal static class CouponClient
{
    private static readonly HttpClient _client = new() { DefaultRequestHeaders = { { "X-Operator-Key", ServiceProcess.OperatorKey } } };

    /// <summary>Creates a coupon through the API.</summary>
    /// <returns>Its id.</returns>
    public static async Task<long> CreateAsync(ServerProcess api, long quantity, CancellationToken cancellationToken)
    {
        using var answer = await _client.PostAsJsonAsync(
            new Uri(api.Operators, "/coupons"),
            new { title = "Benchmark", totalQuantity = quantity },
            cancellationToken
        );
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<Created>(cancellationToken))!.Id;
    }

    /// <summary>Creates so many.</summary>
    /// <returns>Their ids, ascending.</returns>
    public static Task<List<long>> CreateManyAsync(ServerProcess api, long quantity, int count, CancellationToken cancellationToken) =>
        ManyCoupons.CreateAsync(count, stop => CreateAsync(api, quantity, stop), cancellationToken);

    /// <summary>The metrics of a server, as Prometheus reads them.</summary>
    /// <returns>Null: it has no operators' door.</returns>
    public static async Task<string?> MetricsAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.GetStringAsync(new Uri(server.Operators, "/metrics"), cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return null;
        }
    }

    /// <summary>Takes one.</summary>
    public static async Task IssueAsync(Uri api, long couponId, long userId, CancellationToken cancellationToken)
    {
        using var answer = await PressAsync(api, couponId, userId, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Asks for one, whatever the answer is.</summary>
    public static Task<HttpResponseMessage> PressAsync(Uri api, long couponId, long userId, CancellationToken cancellationToken) =>
        _client.PostAsJsonAsync(new Uri(api, $"/coupons/{couponId}/issuances"), new { userId }, cancellationToken);

    private sealed record Created(long Id);
}

namespace Coupon.Benchmarks.Stack;

/// <summary>Calls to Coupon.Api that a benchmark needs beside the load.</summary>
internal static class CouponClient
{
    private static readonly HttpClient _client = new();

    /// <summary>Creates a coupon through the API.</summary>
    /// <returns>Its id.</returns>
    public static async Task<long> CreateAsync(Uri api, long quantity)
    {
        using var answer = await _client.PostAsJsonAsync(new Uri(api, "/coupons"), new { title = "Benchmark", totalQuantity = quantity });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<Created>())!.Id;
    }

    /// <summary>Takes one.</summary>
    public static async Task IssueAsync(Uri api, long couponId, long userId)
    {
        using var answer = await _client.PostAsJsonAsync(new Uri(api, $"/coupons/{couponId}/issuances"), new { userId });
        answer.EnsureSuccessStatusCode();
    }

    private sealed record Created(long Id);
}

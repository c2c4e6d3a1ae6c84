using System.Net.Http.Json;
using System.Text.Json;
using Coupon.Tests.Http;

namespace Coupon.Tests.Api.Faults;

internal static class CouponClient
{
    /// <summary>Creates a coupon and returns its id.</summary>
    public static async Task<long> CreateAsync(Uri api, long totalQuantity)
    {
        using var http = TwoDoors.Client();
        using var answer = await http.PostAsJsonAsync(new Uri(api, "/coupons"), new { title = "A coupon", totalQuantity });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }
}

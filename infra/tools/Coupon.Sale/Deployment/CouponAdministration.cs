using System.Net.Http.Json;
using System.Text.Json;

namespace Coupon.Sale.Deployment;

/// <summary>The calls of the API that the sale needs besides the presses.</summary>
internal static class CouponAdministration
{
    /// <summary>Creates a coupon that is open at once.</summary>
    /// <returns>Its id.</returns>
    public static async Task<long> CreateCouponAsync(this Service service, int stock, CancellationToken cancellationToken)
    {
        using var answer = await service.Http.PostAsJsonAsync(
            new Uri(service.Instances[0].OperatorsUrl, "/coupons"),
            new { title = "Flash sale", totalQuantity = stock },
            cancellationToken
        );
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"The coupon cannot be created: {(int)answer.StatusCode} {body}");
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("id").GetInt64();
    }

    /// <summary>The service's own account of a coupon.</summary>
    public static async Task<JsonElement> GetBalanceAsync(this Service service, long couponId, CancellationToken cancellationToken)
    {
        using var answer = await service.Http.GetAsync(new Uri(service.Instances[0].OperatorsUrl, $"/coupons/{couponId}/balance"), cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"The balance cannot be read: {(int)answer.StatusCode} {body}");
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }
}

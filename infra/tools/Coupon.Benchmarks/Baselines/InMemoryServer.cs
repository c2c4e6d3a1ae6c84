namespace Coupon.Benchmarks.Baselines;

/// <summary>
/// A sale that a process decides in its own memory: it keeps every promise while it lives and loses all of them when it ends. With it, k6 measures
/// only itself, Kestrel and the machine.
/// </summary>
internal static class InMemoryServer
{
    public static void Map(WebApplication app)
    {
        var sales = new List<InMemorySale>();
        app.MapPost("/coupons", (NewSale coupon) =>
        {
            lock (sales)
            {
                sales.Add(new InMemorySale(sales.Count + 1, coupon.TotalQuantity));
                return Results.Created($"/coupons/{sales.Count}", new CreatedSale(sales.Count));
            }
        });
        app.MapPost("/coupons/{couponId:int}/issuances", (int couponId, IssuanceRequest request) => sales[couponId - 1].Issue(request.UserId));
        app.MapGet("/coupons/{couponId:int}/balance", (int couponId) => sales[couponId - 1].Balance());
    }
}

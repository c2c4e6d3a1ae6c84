namespace Coupon.Benchmarks.Baselines;

/// <summary>What Kestrel alone does: reads the same body, answers with a body of the same shape, decides nothing.</summary>
internal static class BareServer
{
    public static void Map(WebApplication app) =>
        app.MapPost("/coupons/{couponId:long}/issuances", (long couponId, IssuanceRequest request) => Accepted.Answer(couponId, request.UserId, 1));
}

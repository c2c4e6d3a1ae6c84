namespace Coupon.Benchmarks.Baselines;

/// <summary>What Kestrel alone does: reads the same body, answers with the members that the service answers with, decides nothing.</summary>
internal static class BareServer
{
    private const string Path = "/coupons/{couponId:long}/issuances";

    private static readonly SoldOutProblem _soldOut = new("/problems/sold-out", "Sold out", StatusCodes.Status409Conflict, "sold-out");

    public static void MapAccepting(WebApplication app) =>
        app.MapPost(Path, (long couponId, IssuanceRequest request) => Accepted.Answer(couponId, request.UserId, 1, TimeProvider.System.GetUtcNow()));

    public static void MapRefusing(WebApplication app) =>
        app.MapPost(Path, (long couponId, IssuanceRequest request) =>
            Results.Json(_soldOut, WireJson.Default.SoldOutProblem, "application/problem+json", _soldOut.Status)
        );
}

using System.Globalization;
using Coupon.Api.Http;
using Coupon.Stock.MySql;

namespace Coupon.Api.Coupons;

/// <summary>Refuses requests about coupons that do not exist, before an endpoint locks or reads anything for them.</summary>
internal static class KnownCoupons
{
    private static readonly Refusal _unknown = new(ProblemKinds.UnknownCoupon);
    private static readonly Refusal _unverified = new(ProblemKinds.StockUnverified);

    /// <summary>Calls the endpoint only where the coupon of <c>couponId</c> in the path exists.</summary>
    public static TBuilder OfKnownCoupons<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.AddEndpointFilter(RefuseAsync).Refuses(ProblemKinds.UnknownCoupon);

    private static async ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var couponId = long.Parse((string)http.Request.RouteValues["couponId"]!, CultureInfo.InvariantCulture);
        if (await http.RequestServices.GetRequiredService<CouponLookUp>().ExistsAsync(couponId, http.RequestAborted))
            return await next(context);

        // A MySQL that has lost its last transactions does not know the coupons that they created.
        return http.RequestServices.GetRequiredService<DatabaseFence>().Doubt is null ? _unknown : _unverified;
    }
}

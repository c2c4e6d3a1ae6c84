using System.Globalization;
using Coupon.Api.Coupons;
using Coupon.Api.Http;
using Coupon.Api.Limits;
using Coupon.Api.Users;

namespace Coupon.Api.Events;

/// <summary>The endpoint of live events, so that nobody has to ask again and again.</summary>
internal static class EventEndpoint
{
    private static readonly Refusal _noUser = RequestFaults.Refuse("user", "must be positive");

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/coupons/{couponId:long}/events", FollowAsync)
            .Named("followCoupon")
            .WithTags("Coupons")
            .WithSummary("What is left of a coupon, and one's own result, as they change")
            .WithDescription(
                "Server-sent events. stock: the coupon, as getCoupon answers it, at once and whenever it has changed. result: with the parameter "
                    + "user, the issuance of that user, as getIssuance answers it, once its row is in the database; for that user only. end: the "
                    + "last one, with a reason (duration, stopping, deleted); ask again after the first two."
            )
            .Produces<string>(StatusCodes.Status200OK, EventStream.MediaType)
            .OfKnownCoupons()
            .Refuses(
                ProblemKinds.InvalidRequest,
                ProblemKinds.Unauthenticated,
                ProblemKinds.OtherUser,
                ProblemKinds.TooManyRequests,
                ProblemKinds.Busy,
                ProblemKinds.DatabaseUnavailable
            );

    private static async Task<IResult> FollowAsync(long couponId, string? user, HttpContext context, UserIdentity users, CouponFeeds feeds)
    {
        long? own = null;
        if (user is not null)
        {
            if (!long.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var named) || named <= 0)
                return _noUser;
            if (await users.RefusesAsync(context, named) is { } refusal)
                return refusal;
            own = named;
        }

        return feeds.Enter(couponId, own) is { } feed ? new CouponEvents(couponId, own, feed) : LimitRefusals.Busy;
    }
}

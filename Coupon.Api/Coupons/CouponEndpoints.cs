using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Coupon.Api.Http;
using Coupon.Api.Limits;
using Coupon.Api.Users;
using Coupon.Hosting.Audit;
using Coupon.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Api.Coupons;

/// <summary>The life of a coupon, from creation to deletion.</summary>
internal static class CouponEndpoints
{
    private const string OfUser = "/users/{userId:long}/coupons";

    private static readonly JsonTypeInfo<CreateCouponRequest> _create = RequestBody.Strict<CreateCouponRequest>(CouponJson.Default);
    private static readonly JsonTypeInfo<RestockRequest> _restock = RequestBody.Strict<RestockRequest>(CouponJson.Default);

    /// <summary>What operators do with coupons, and their lists.</summary>
    public static void MapCoupons(this IEndpointRouteBuilder routes)
    {
        var coupons = routes.MapGroup("").WithTags("Coupons").Refuses(ProblemKinds.DatabaseUnavailable);
        coupons
            .MapPost("/coupons", CreateAsync)
            .Named("createCoupon")
            .Audited("create")
            .WithSummary("Create a coupon; it is on sale at once, or from opensAt")
            .Accepts<CreateCouponRequest>("application/json")
            .Refuses(
                ProblemKinds.InvalidJson,
                ProblemKinds.InvalidRequest,
                ProblemKinds.BodyTooLarge,
                ProblemKinds.UnsupportedMediaType,
                ProblemKinds.StockUnavailable
            );
        coupons.MapGet("/coupons", ListAsync).Named("listCoupons").WithSummary("List coupons, newest first").OfLists();
        coupons
            .MapPost("/coupons/{couponId:long}/restock", RestockAsync)
            .Named("restockCoupon")
            .Audited("restock")
            .WithSummary("Add to the stock of a coupon")
            .WithDescription("Adds, never resets. Send expectedTotalQuantity to make it safe to send twice.")
            .Accepts<RestockRequest>("application/json")
            .OfKnownCoupons()
            .Refuses(
                ProblemKinds.InvalidJson,
                ProblemKinds.InvalidRequest,
                ProblemKinds.Closed,
                ProblemKinds.TotalChanged,
                ProblemKinds.BodyTooLarge,
                ProblemKinds.UnsupportedMediaType,
                ProblemKinds.StockUnavailable
            );
        coupons
            .MapPost("/coupons/{couponId:long}/close", CloseAsync)
            .Named("closeCoupon")
            .Audited("close")
            .WithSummary("Close a coupon for good")
            .OfKnownCoupons()
            .Refuses(ProblemKinds.InvalidRequest, ProblemKinds.StockUnavailable);
        coupons
            .MapDelete("/coupons/{couponId:long}", DeleteAsync)
            .Named("deleteCoupon")
            .Audited("delete")
            .WithSummary("Delete a coupon and everything that was issued of it")
            .WithDescription("Refused while anything of it is on its way or an open dead letter.")
            .OfKnownCoupons()
            .Refuses(ProblemKinds.InvalidRequest, ProblemKinds.InFlight, ProblemKinds.StockUnavailable, ProblemKinds.StockUnverified);
        coupons.MapGet(OfUser, ListOfUserAsync).DescribeListOfUser();
    }

    /// <summary>One coupon, as everybody may see it.</summary>
    public static void MapCoupon(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/coupons/{couponId:long}", GetAsync)
            .Named("getCoupon")
            .WithTags("Coupons")
            .WithSummary("One coupon, with what is left")
            .OfKnownCoupons()
            .Refuses(ProblemKinds.DatabaseUnavailable);

    /// <summary>The coupons of a user, for this user and nobody else.</summary>
    public static void MapOwnCoupons(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet(OfUser, ListOwnAsync)
            .DescribeListOfUser()
            .WithTags("Coupons")
            .Refuses(ProblemKinds.DatabaseUnavailable, ProblemKinds.Unauthenticated, ProblemKinds.OtherUser, ProblemKinds.TooManyRequests);

    private static RouteHandlerBuilder DescribeListOfUser(this RouteHandlerBuilder route) =>
        route.Named("listUserCoupons").WithSummary("List the coupons of a user, newest coupon first").OfLists();

    private static RouteHandlerBuilder OfLists(this RouteHandlerBuilder route) =>
        route.RequireRateLimiting(LimitServices.Lists).Refuses(ProblemKinds.InvalidRequest, ProblemKinds.Busy);

    private static async Task<Results<Created<CouponResponse>, Refusal>> CreateAsync(
        HttpRequest request,
        CouponOperations operations,
        CouponReader reader,
        CancellationToken cancellationToken
    )
    {
        var read = await RequestBody.ReadAsync(request, _create);
        if (!read.TryGet(out var body, out var unreadable))
            return unreadable;
        var (row, faults) = await operations.CreateAsync(body, cancellationToken);
        if (row is null)
            return faults!.ToRefusal();
        RequestActions.Of(request.HttpContext)?.CouponId = row.Id;
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/coupons/{row.Id}"), await reader.DescribeAsync(row));
    }

    private static async Task<Results<Ok<CouponPage>, Refusal>> ListAsync(
        CouponReader reader,
        string? before,
        string? limit,
        CancellationToken cancellationToken
    )
    {
        if (PageQuery.Read(before, limit, out var page) is { } invalid)
            return invalid;
        var size = page.Size;
        var items = await reader.ListAsync(page.Before, size + 1, cancellationToken);
        return TypedResults.Ok(new CouponPage([.. items.Take(size)], items.Count > size ? Next("/coupons", items[size - 1].Id, size) : null));
    }

    private static async Task<Results<Ok<UserCouponPage>, Refusal>> ListOwnAsync(
        long userId,
        HttpContext context,
        UserIdentity users,
        CouponReader reader,
        string? before,
        string? limit,
        CancellationToken cancellationToken
    ) => await users.RefusesAsync(context, userId) is { } refusal ? refusal : await ListOfUserAsync(userId, reader, before, limit, cancellationToken);

    private static async Task<Results<Ok<UserCouponPage>, Refusal>> ListOfUserAsync(
        long userId,
        CouponReader reader,
        string? before,
        string? limit,
        CancellationToken cancellationToken
    )
    {
        if (PageQuery.Read(before, limit, out var page) is { } invalid)
            return invalid;
        var size = page.Size;
        var items = await reader.ListOfUserAsync(userId, page.Before, size + 1, cancellationToken);
        var path = string.Create(CultureInfo.InvariantCulture, $"/users/{userId}/coupons");
        return TypedResults.Ok(new UserCouponPage([.. items.Take(size)], items.Count > size ? Next(path, items[size - 1].CouponId, size) : null));
    }

    private static async Task<Results<Ok<CouponResponse>, Refusal>> GetAsync(
        long couponId,
        CouponReader reader,
        CancellationToken cancellationToken
    ) => await reader.FindAsync(couponId, cancellationToken) is { } coupon ? TypedResults.Ok(coupon) : new Refusal(ProblemKinds.UnknownCoupon);

    private static async Task<Results<Ok<CouponResponse>, Refusal>> RestockAsync(
        long couponId,
        HttpRequest request,
        CouponOperations operations,
        CouponReader reader,
        CancellationToken cancellationToken
    )
    {
        var read = await RequestBody.ReadAsync(request, _restock);
        if (!read.TryGet(out var body, out var unreadable))
            return unreadable;
        if (body.Faults() is { Any: true } faults)
            return faults.ToRefusal();
        var (outcome, coupon, _) = await operations.RestockAsync(couponId, body, cancellationToken);
        return outcome switch
        {
            RestockOutcome.Restocked => TypedResults.Ok(await reader.DescribeAsync(coupon!)),
            RestockOutcome.UnknownCoupon => new Refusal(ProblemKinds.UnknownCoupon),
            RestockOutcome.Closed => new Refusal(ProblemKinds.Closed),
            RestockOutcome.TotalChanged => new Refusal(
                ProblemKinds.TotalChanged,
                $"The total is {coupon!.TotalQuantity}, not {body.ExpectedTotalQuantity}."
            ),
            _ => RequestFaults.Refuse("quantity", $"must keep the total at or below {CreateCouponRequest.MaxTotalQuantity}"),
        };
    }

    private static async Task<Results<Ok<CouponResponse>, Refusal>> CloseAsync(
        long couponId,
        CouponOperations operations,
        CouponReader reader,
        CancellationToken cancellationToken
    ) =>
        await operations.CloseAsync(couponId, cancellationToken) is { } row
            ? TypedResults.Ok(await reader.DescribeAsync(row))
            : new Refusal(ProblemKinds.UnknownCoupon);

    private static async Task<Results<NoContent, Refusal>> DeleteAsync(long couponId, CouponDeletion deletion, CancellationToken cancellationToken)
    {
        var (outcome, issued, missing, waiting) = await deletion.DeleteAsync(couponId, cancellationToken);
        return outcome switch
        {
            DeletionOutcome.Deleted => TypedResults.NoContent(),
            DeletionOutcome.UnknownCoupon => new Refusal(ProblemKinds.UnknownCoupon),
            DeletionOutcome.DeadLetterOpen => new Refusal(ProblemKinds.InFlight, "A dead letter of it is open."),
            DeletionOutcome.SoldMeanwhile => new Refusal(
                ProblemKinds.InFlight,
                "A seat was taken while the coupon was being deleted. It is closed now: try again in a moment."
            ),
            DeletionOutcome.InFlight => new Refusal(
                ProblemKinds.InFlight,
                $"{issued} were issued; {missing} of them are not in the database yet or are dead letters, {waiting} wait in the outbox."
            ),
            _ => new Refusal(ProblemKinds.StockUnverified, "Redis cannot say yet what of the coupon is on its way."),
        };
    }

    private static string Next(string path, long before, int limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}?before={before}&limit={limit}");
}

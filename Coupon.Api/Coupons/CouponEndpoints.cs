using System.Globalization;
using Coupon.Api.Http;
using Coupon.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Api.Coupons;

/// <summary>The life of a coupon, from creation to deletion.</summary>
internal static class CouponEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static void MapCoupons(this IEndpointRouteBuilder routes)
    {
        var coupons = routes.MapGroup("").WithTags("Coupons").Refuses(ProblemKinds.DatabaseUnavailable);
        coupons
            .MapPost("/coupons", CreateAsync)
            .WithName("createCoupon")
            .WithSummary("Create a coupon; it is on sale at once, or from opensAt")
            .Accepts<CreateCouponRequest>("application/json")
            .Refuses(
                ProblemKinds.InvalidJson,
                ProblemKinds.InvalidRequest,
                ProblemKinds.BodyTooLarge,
                ProblemKinds.UnsupportedMediaType,
                ProblemKinds.StockUnavailable
            );
        coupons.MapGet("/coupons", ListAsync).WithName("listCoupons").WithSummary("List coupons, newest first").Refuses(ProblemKinds.InvalidRequest);
        coupons
            .MapGet("/coupons/{couponId:long}", GetAsync)
            .WithName("getCoupon")
            .WithSummary("One coupon, with what is left")
            .Refuses(ProblemKinds.UnknownCoupon);
        coupons
            .MapPost("/coupons/{couponId:long}/restock", RestockAsync)
            .WithName("restockCoupon")
            .WithSummary("Add to the stock of a coupon")
            .WithDescription("Adds, never resets. Send expectedTotalQuantity to make it safe to send twice.")
            .Accepts<RestockRequest>("application/json")
            .Refuses(
                ProblemKinds.InvalidJson,
                ProblemKinds.InvalidRequest,
                ProblemKinds.UnknownCoupon,
                ProblemKinds.Closed,
                ProblemKinds.TotalChanged,
                ProblemKinds.BodyTooLarge,
                ProblemKinds.UnsupportedMediaType,
                ProblemKinds.StockUnavailable
            );
        coupons
            .MapPost("/coupons/{couponId:long}/close", CloseAsync)
            .WithName("closeCoupon")
            .WithSummary("Close a coupon for good")
            .Refuses(ProblemKinds.UnknownCoupon, ProblemKinds.StockUnavailable);
        coupons
            .MapDelete("/coupons/{couponId:long}", DeleteAsync)
            .WithName("deleteCoupon")
            .WithSummary("Delete a coupon and everything that was issued of it")
            .WithDescription("Refused while anything of it is on its way or an open dead letter.")
            .Refuses(ProblemKinds.UnknownCoupon, ProblemKinds.InFlight, ProblemKinds.StockUnavailable, ProblemKinds.StockUnverified);
        coupons
            .MapGet("/users/{userId:long}/coupons", ListOfUserAsync)
            .WithName("listUserCoupons")
            .WithSummary("List the coupons of a user, newest coupon first")
            .Refuses(ProblemKinds.InvalidRequest);
    }

    private static async Task<Results<Created<CouponResponse>, Refusal>> CreateAsync(
        HttpRequest request,
        CouponDesk desk,
        CouponReader reader,
        CancellationToken cancellationToken
    )
    {
        var read = await RequestBody.ReadAsync(request, ApiJson.Default.CreateCouponRequest);
        if (!read.TryGet(out var body, out var unreadable))
            return unreadable;
        var (row, refusal) = await desk.CreateAsync(body, cancellationToken);
        if (row is null)
            return refusal!;
        return TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"/coupons/{row.Id}"), await reader.DescribeAsync(row));
    }

    private static async Task<Results<Ok<CouponPage>, Refusal>> ListAsync(
        CouponReader reader,
        long? before,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        if (InvalidPage(before, limit) is { } invalid)
            return invalid;
        var size = limit ?? DefaultLimit;
        var items = await reader.ListAsync(before ?? long.MaxValue, size + 1, cancellationToken);
        return TypedResults.Ok(new CouponPage([.. items.Take(size)], items.Count > size ? Next("/coupons", items[size - 1].Id, size) : null));
    }

    private static async Task<Results<Ok<UserCouponPage>, Refusal>> ListOfUserAsync(
        long userId,
        CouponReader reader,
        long? before,
        int? limit,
        CancellationToken cancellationToken
    )
    {
        if (InvalidPage(before, limit) is { } invalid)
            return invalid;
        var size = limit ?? DefaultLimit;
        var items = await reader.ListOfUserAsync(userId, before ?? long.MaxValue, size + 1, cancellationToken);
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
        CouponDesk desk,
        CouponReader reader,
        CancellationToken cancellationToken
    )
    {
        var read = await RequestBody.ReadAsync(request, ApiJson.Default.RestockRequest);
        if (!read.TryGet(out var body, out var unreadable))
            return unreadable;
        if (body.Validate() is { } invalid)
            return invalid;
        var (row, refusal) = await desk.RestockAsync(couponId, body, cancellationToken);
        return row is null ? refusal! : TypedResults.Ok(await reader.DescribeAsync(row));
    }

    private static async Task<Results<Ok<CouponResponse>, Refusal>> CloseAsync(
        long couponId,
        CouponDesk desk,
        CouponReader reader,
        CancellationToken cancellationToken
    ) =>
        await desk.CloseAsync(couponId, cancellationToken) is { } row
            ? TypedResults.Ok(await reader.DescribeAsync(row))
            : new Refusal(ProblemKinds.UnknownCoupon);

    private static async Task<Results<NoContent, Refusal>> DeleteAsync(long couponId, CouponDeletion deletion, CancellationToken cancellationToken) =>
        await deletion.DeleteAsync(couponId, cancellationToken) is { } refusal ? refusal : TypedResults.NoContent();

    private static Refusal? InvalidPage(long? before, int? limit) =>
        new InvalidRequest()
            .Unless(before is null or > 0, "before", "must be positive")
            .Unless(limit is null or (> 0 and <= MaxLimit), "limit", $"must be 1 to {MaxLimit}")
            .Refusal;

    private static string Next(string path, long before, int limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}?before={before}&limit={limit}");
}

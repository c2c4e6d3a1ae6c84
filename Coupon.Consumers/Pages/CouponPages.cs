using System.Globalization;
using System.Security.Claims;
using Coupon.Consumers.Monitoring;
using Coupon.Consumers.Operators;

namespace Coupon.Consumers.Pages;

/// <summary>The pages of one coupon: its sale, its books, and its rows.</summary>
internal static class CouponPages
{
    private const int PageSize = 200;

    public static void MapCouponPages(this IEndpointRouteBuilder console)
    {
        var coupon = console.MapGroup("/coupons/{couponId:long}");
        coupon.MapGet("", ShowAsync);
        coupon.MapGet("/rows", RowsAsync);
        coupon.MapCouponChanges();
    }

    /// <summary>The page of a coupon.</summary>
    public static string Of(long couponId, string? notice = null) =>
        string.Create(CultureInfo.InvariantCulture, $"/console/coupons/{couponId}{(notice is null ? "" : $"?notice={notice}")}");

    /// <summary>The answer where there is no such coupon.</summary>
    public static IResult Unknown(HttpContext http, long couponId) => ConsoleProblems.NotFound(http, $"No coupon has the id {couponId}.");

    private static async Task<IResult> ShowAsync(
        long couponId,
        bool? live,
        string? notice,
        HttpContext http,
        ClaimsPrincipal user,
        CouponBooks books,
        CancellationToken cancellationToken
    ) =>
        await books.FindAsync(couponId, cancellationToken) is { } details
            ? ConsoleEndpoints.Page<CouponPage>(
                new()
                {
                    ["Model"] = details,
                    ["Nonce"] = live ?? true ? LiveScript.Permit(http) : null,
                    ["Notice"] = CouponNotices.Text(notice),
                },
                user
            )
            : Unknown(http, couponId);

    private static async Task<IResult> RowsAsync(
        long couponId,
        string? after,
        ClaimsPrincipal user,
        CouponBooks books,
        CancellationToken cancellationToken
    )
    {
        var rows = await books.RowsAsync(couponId, QueryText.Number("after", after) ?? 0, PageSize, cancellationToken);
        var next = string.Create(CultureInfo.InvariantCulture, $"/console/coupons/{couponId}/rows?after={(rows.Count > 0 ? rows[^1].Ordinal : 0)}");
        return ConsoleEndpoints.Page<CouponRowsPage>(
            new()
            {
                ["CouponId"] = couponId,
                ["Rows"] = rows,
                ["NextPage"] = rows.Count == PageSize ? next : null,
            },
            user
        );
    }
}

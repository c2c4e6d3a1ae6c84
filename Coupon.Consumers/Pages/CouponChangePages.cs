using System.Security.Claims;
using Coupon.Consumers.Monitoring;
using Coupon.Consumers.Operators;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Stock;
using Coupon.Stock.Verification;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Pages;

/// <summary>What operators change of a coupon: each a page that asks, and what its form does.</summary>
internal static class CouponChangePages
{
    public static void MapCouponChanges(this IEndpointRouteBuilder coupon)
    {
        coupon.MapGet("/restock", (long couponId, HttpContext http, ClaimsPrincipal user, CouponBooks books, CancellationToken cancellationToken) =>
            AskAsync(CouponChange.Restock, couponId, http, user, books, cancellationToken)
        );
        coupon.MapGet("/close", (long couponId, HttpContext http, ClaimsPrincipal user, CouponBooks books, CancellationToken cancellationToken) =>
            AskAsync(CouponChange.Close, couponId, http, user, books, cancellationToken)
        );
        coupon.MapGet("/rebuild", (long couponId, HttpContext http, ClaimsPrincipal user, CouponBooks books, CancellationToken cancellationToken) =>
            AskAsync(CouponChange.Rebuild, couponId, http, user, books, cancellationToken)
        );
        coupon.MapPost("/restock", RestockAsync).Audited("restock");
        coupon.MapPost("/close", CloseAsync).Audited("close");
        coupon.MapPost("/rebuild", RebuildAsync).Audited("rebuild");
    }

    private static async Task<IResult> AskAsync(
        CouponChange change,
        long couponId,
        HttpContext http,
        ClaimsPrincipal user,
        CouponBooks books,
        CancellationToken cancellationToken
    ) => await books.FindRowAsync(couponId, cancellationToken) is { } coupon ? Question(change, coupon, user) : CouponPages.Unknown(http, couponId);

    private static async Task<IResult> RestockAsync(
        long couponId,
        IFormCollection form,
        HttpContext http,
        ClaimsPrincipal user,
        CouponChanges changes,
        CancellationToken cancellationToken
    )
    {
        var quantity = Required("quantity", form);

        // The total that the page showed: a form that is sent twice adds once.
        var (outcome, coupon, following) = await changes.RestockAsync(couponId, quantity, Required("expectedTotal", form), cancellationToken);
        return outcome switch
        {
            RestockOutcome.UnknownCoupon => CouponPages.Unknown(http, couponId),
            RestockOutcome.Restocked => ConsoleEndpoints.SeeOther(
                CouponPages.Of(couponId, CouponNotices.Restocked(coupon!.TotalQuantity, following))
            ),
            RestockOutcome.Closed => Refused(coupon!, "It was closed by hand meanwhile: nothing was added."),
            RestockOutcome.TotalChanged => Refused(coupon!, $"The total is {PageFormat.Number(coupon!.TotalQuantity)} by now: nothing was added."),
            _ => Refused(coupon!, $"The total would exceed {PageFormat.Number(CouponRow.MaxTotalQuantity)}: nothing was added."),
        };

        IResult Refused(CouponRow current, string notice) => Question(CouponChange.Restock, current, user, notice);
    }

    private static async Task<IResult> CloseAsync(
        long couponId,
        IFormCollection form,
        HttpContext http,
        CouponChanges changes,
        CancellationToken cancellationToken
    )
    {
        var (coupon, following) = await changes.CloseAsync(couponId, cancellationToken);
        return coupon is null
            ? CouponPages.Unknown(http, couponId)
            : ConsoleEndpoints.SeeOther(CouponPages.Of(couponId, CouponNotices.Closed(following)));
    }

    private static async Task<IResult> RebuildAsync(
        long couponId,
        IFormCollection form,
        HttpContext http,
        ClaimsPrincipal user,
        CouponBooks books,
        StockVerifier verifier,
        CancellationToken cancellationToken
    )
    {
        if (await books.FindRowAsync(couponId, cancellationToken) is not { } coupon)
            return CouponPages.Unknown(http, couponId);
        try
        {
            // Not interrupted by a browser that goes away: the coupon would stay off sale until the next verification.
            var report = await verifier.RebuildAsync([couponId], "asked for at the console", CancellationToken.None);
            return report switch
            {
                null => Refused("Another verification is running: try again in a moment."),
                { Coupons: [var findings] } => ConsoleEndpoints.SeeOther(CouponPages.Of(couponId, CouponNotices.Rebuilt(findings))),
                _ => CouponPages.Unknown(http, couponId),
            };
        }
        catch (VerificationInterruptedException exception)
        {
            return Refused($"{exception.Message} Try again.");
        }

        IResult Refused(string notice) => Question(CouponChange.Rebuild, coupon, user, notice);
    }

    // With a notice: it was refused.
    private static RazorComponentResult<CouponChangePage> Question(CouponChange change, CouponRow coupon, ClaimsPrincipal user, string? notice = null)
    {
        var page = ConsoleEndpoints.Page<CouponChangePage>(
            new()
            {
                ["Change"] = change,
                ["Coupon"] = coupon,
                ["Notice"] = notice,
            },
            user
        );
        page.StatusCode = notice is null ? StatusCodes.Status200OK : StatusCodes.Status409Conflict;
        return page;
    }

    private static long Required(string name, IFormCollection form) =>
        QueryText.Number(name, form[name], (int)CouponRow.MaxTotalQuantity) ?? throw new FormatException($"{name} is missing.");
}

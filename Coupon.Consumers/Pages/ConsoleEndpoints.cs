using System.Security.Claims;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.Monitoring;
using Coupon.Consumers.Operators;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Http;
using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Coupon.Consumers.Pages;

/// <summary>
/// <c>/console</c>: pages rendered by the server. Every action is a POST with an antiforgery token, after a page that asks for confirmation.
/// </summary>
internal static class ConsoleEndpoints
{
    private const string Document = "/openapi.json";

    private static readonly byte[] _style = Read("style.css");
    private static readonly byte[] _script = Read("live.js");

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        // A page is asked for with a session, so not within the group that asks for a key.
        var pages = routes.MapGroup("").WithMetadata(Door.Operators);
        pages.MapGet("/console/style.css", () => TypedResults.Bytes(_style, "text/css")).AllowAnonymous().ExcludeFromDescription();
        pages.MapGet(LiveScript.Path, () => TypedResults.Bytes(_script, "text/javascript")).AllowAnonymous().ExcludeFromDescription();
        pages.MapSignIn();
        var console = pages
            .MapGroup("/console")
            .RequireAuthorization(ConsoleSession.Policy)
            .ExcludeFromDescription()
            .AddEndpointFilter(ConsoleProblems.AnswerAsync);
        console.MapDocument(path: Document);
        console.MapDocumentPage("/console" + Document, "/reference");
        console.MapGet("", OverviewAsync);
        console.MapPost("/pause", PauseAsync).Audited("pause");
        console.MapPost("/resume", ResumeAsync).Audited("resume");
        console.MapCouponPages();
        console.MapDeadLetterPages();
        console.MapOperationPages();
        console.MapGet("/actions", ActionsAsync);
    }

    private static async Task<RazorComponentResult<OverviewPage>> OverviewAsync(
        [AsParameters] CouponQueryString query,
        OverviewReader overview,
        HttpContext http,
        ClaimsPrincipal user,
        bool? live,
        string? notice,
        CancellationToken cancellationToken
    )
    {
        var read = await overview.ReadAsync(query.ToSearch(), cancellationToken);
        return Page<OverviewPage>(
            new()
            {
                ["Model"] = read,
                ["Query"] = query,
                ["NextPage"] = read.Coupons.Count == CouponListing.PageSize ? $"/console{query.PageBefore(read.Coupons[^1].Id)}" : null,
                ["Live"] = live,
                ["Nonce"] = live ?? true ? LiveScript.Permit(http) : null,
                ["Notice"] = Notices.Text(notice),
            },
            user
        );
    }

    private static async Task<RedirectHttpResult> PauseAsync(
        [FromForm] string? reason,
        ClaimsPrincipal user,
        ConsumptionSwitch consumption,
        CancellationToken cancellationToken
    )
    {
        await consumption.SetAsync(paused: true, PauseReason.Checked(reason), OperatorAuthentication.ActorOf(user), cancellationToken);
        return SeeOther("/console?notice=paused");
    }

    private static async Task<RedirectHttpResult> ResumeAsync(
        IFormCollection form,
        ClaimsPrincipal user,
        ConsumptionSwitch consumption,
        CancellationToken cancellationToken
    )
    {
        await consumption.SetAsync(paused: false, null, OperatorAuthentication.ActorOf(user), cancellationToken);
        return SeeOther("/console?notice=resumed");
    }

    private static async Task<RazorComponentResult<ActionListPage>> ActionsAsync(
        [AsParameters] ActionQueryString query,
        ClaimsPrincipal user,
        ActionRecords records,
        CancellationToken cancellationToken
    )
    {
        var rows = await records.ListAsync(query.ToFilter(), query.BeforeId, query.PageSize, cancellationToken);
        return Page<ActionListPage>(
            new()
            {
                ["Actions"] = rows.Select(ActionView.Of).ToList(),
                ["Query"] = query,
                ["NextPage"] = rows.Count == query.PageSize ? $"/console/actions{query.PageBefore(rows[^1].Id)}" : null,
            },
            user
        );
    }

    /// <summary>A page for the operator who is signed in.</summary>
    public static RazorComponentResult<TPage> Page<TPage>(Dictionary<string, object?> parameters, ClaimsPrincipal user)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        parameters["Actor"] = OperatorAuthentication.NameOf(user);
        return new RazorComponentResult<TPage>(parameters) { PreventStreamingRendering = true };
    }

    /// <summary>The answer to a form: another page.</summary>
    public static RedirectHttpResult SeeOther(string url) => TypedResults.LocalRedirect(url);

    private static byte[] Read(string name)
    {
        using var stream = typeof(ConsoleEndpoints).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

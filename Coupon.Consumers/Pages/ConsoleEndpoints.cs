using System.Globalization;
using System.Security.Claims;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Monitoring;
using Coupon.Consumers.Operators;
using Coupon.Database;
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

    private static readonly byte[] _style = ReadStyle();

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        // A page is asked for with a session, so not within the group that asks for a key.
        var pages = routes.MapGroup("").WithMetadata(Door.Operators);
        pages.MapGet("/console/style.css", () => TypedResults.Bytes(_style, "text/css")).AllowAnonymous().ExcludeFromDescription();
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
        console.MapGet("/dead-letters", ListAsync);
        console.MapGet("/dead-letters/{id:long}", ShowAsync);
        console.MapGet("/dead-letters/replay", ConfirmReplayAsync);
        console.MapPost("/dead-letters/replay", ReplayAsync).Audited("replay");
        console.MapGet("/dead-letters/discard", ConfirmDiscardAsync);
        console.MapPost("/dead-letters/discard", DiscardAsync).Audited("discard");
        console.MapGet("/actions", ActionsAsync);
    }

    private static async Task<RazorComponentResult<OverviewPage>> OverviewAsync(
        OverviewReader overview,
        ClaimsPrincipal user,
        bool? live,
        string? notice,
        CancellationToken cancellationToken
    ) =>
        Page<OverviewPage>(
            new()
            {
                ["Model"] = await overview.ReadAsync(cancellationToken),
                ["Live"] = live ?? false,
                ["Notice"] = Notices.Text(notice),
            },
            user
        );

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

    private static async Task<RazorComponentResult<DeadLetterListPage>> ListAsync(
        [AsParameters] DeadLetterQueryString query,
        HttpRequest request,
        ClaimsPrincipal user,
        DeadLetterQueries queries,
        string? notice,
        CancellationToken cancellationToken
    )
    {
        var letters = await queries.ListAsync(query.ToFilter(), query.AfterId, query.PageSize, cancellationToken);
        return Page<DeadLetterListPage>(
            new()
            {
                ["Letters"] = letters,
                ["Query"] = query,
                ["QueryString"] = ForActions(request).ToString(),
                ["NextPage"] =
                    letters.Count == query.PageSize
                        ? $"/console/dead-letters{ForActions(request).Add("after", letters[^1].Id.ToString(CultureInfo.InvariantCulture))}"
                        : null,
                ["Notice"] = Notices.Text(notice),
            },
            user
        );
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

    private static async Task<IResult> ShowAsync(
        long id,
        HttpContext http,
        ClaimsPrincipal user,
        DeadLetterQueries queries,
        string? notice,
        CancellationToken cancellationToken
    ) =>
        await queries.FindAsync(id, cancellationToken) is { } details
            ? Page<DeadLetterPage>(new() { ["View"] = DeadLetterView.Of(details), ["Notice"] = Notices.Text(notice) }, user)
            : ConsoleProblems.NotFound(http, $"No dead letter has the id {id}.");

    private static async Task<RazorComponentResult<ConfirmPage>> ConfirmReplayAsync(
        [AsParameters] DeadLetterQueryString query,
        HttpRequest request,
        ClaimsPrincipal user,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) =>
        Confirm(
            discard: false,
            await queries.SelectAsync(query.ToFilter().ForReplay(), OperationEndpoints.MaxBulk, cancellationToken),
            request,
            user
        );

    private static async Task<RazorComponentResult<ConfirmPage>> ConfirmDiscardAsync(
        [AsParameters] DeadLetterQueryString query,
        HttpRequest request,
        ClaimsPrincipal user,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) =>
        Confirm(
            discard: true,
            await queries.SelectAsync(query.ToFilter().ForDiscard(), OperationEndpoints.MaxBulk, cancellationToken),
            request,
            user
        );

    private static async Task<IResult> ReplayAsync(
        [AsParameters] DeadLetterQueryString query,
        IFormCollection form,
        HttpContext http,
        ClaimsPrincipal user,
        DeadLetterReplay replay,
        CancellationToken cancellationToken
    )
    {
        var action = RequestActions.Of(http);
        var changes = ((string Name, string Field)[])
            [("coupon-id", "couponId"), ("ordinal", "ordinal"), ("user-id", "userId"), ("issued-at", "issuedAt")];
        var edits = changes
            .Where(change => !string.IsNullOrWhiteSpace(form[change.Field]))
            .Select(change => $"{change.Name}={form[change.Field]}")
            .ToList();
        var result = await replay.ReplayAsync(
            new ReplayRequest
            {
                Filter = Filter(query, action),
                Confirmed = Confirmed(query, form),
                Actor = OperatorAuthentication.ActorOf(user),
                Operation = action?.Operation,
                Rate = QueryText.Number("rate", form["rate"], 1_000_000),
                Limit = OperationEndpoints.MaxBulk,
                Edit = edits.Count > 0 ? MessageEdit.Parse(edits) : null,
            },
            null,
            cancellationToken
        );
        action?.Note = result.Words;
        return Answer("replayed", result, query, user);
    }

    private static async Task<IResult> DiscardAsync(
        [AsParameters] DeadLetterQueryString query,
        IFormCollection form,
        HttpContext http,
        ClaimsPrincipal user,
        DeadLetterDiscard discard,
        CancellationToken cancellationToken
    )
    {
        var action = RequestActions.Of(http);
        var result = await discard.DiscardAsync(
            new DiscardRequest
            {
                Filter = Filter(query, action),
                Confirmed = Confirmed(query, form),
                Actor = OperatorAuthentication.ActorOf(user),
                Operation = action?.Operation,
                Reason = DiscardReason.Checked(form["reason"]),
                ReturnSeat = form["returnSeat"] == "true",
                Limit = OperationEndpoints.MaxBulk,
            },
            null,
            cancellationToken
        );
        action?.Note = result.Words;
        return Answer("discarded", result, query, user);
    }

    private static DeadLetterFilter Filter(DeadLetterQueryString query, OperatorAction? action)
    {
        var filter = query.ToFilter();
        action?.CouponId = filter.CouponId;
        return filter;
    }

    private static RazorComponentResult<ConfirmPage> Confirm(
        bool discard,
        DeadLetterSelection selection,
        HttpRequest request,
        ClaimsPrincipal user
    ) =>
        Page<ConfirmPage>(
            new()
            {
                ["Discard"] = discard,
                ["Count"] = selection.Count,
                ["Ids"] = QueryText.Of(selection.Ids),
                ["MaxBulk"] = OperationEndpoints.MaxBulk,
                ["QueryString"] = ForActions(request).ToString(),
            },
            user
        );

    /// <summary>The ids that the operator has confirmed: entries recorded since match the filter too.</summary>
    private static long[] Confirmed(DeadLetterQueryString query, IFormCollection form) =>
        QueryText.Numbers("ids", form["ids"])
        ?? query.Ids
        ?? throw new FormatException("ids are missing: the form of the confirmation page carries them.");

    private static RazorComponentResult<TPage> Page<TPage>(Dictionary<string, object?> parameters, ClaimsPrincipal user)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        parameters["Actor"] = OperatorAuthentication.NameOf(user);
        return new RazorComponentResult<TPage>(parameters) { PreventStreamingRendering = true };
    }

    /// <summary>The filter of this request, without its page and its notice.</summary>
    private static QueryString ForActions(HttpRequest request) =>
        QueryString.Create(
            request
                .Query.Where(field => field.Key is "id" or "state" or "cause" or "coupon" or "user" or "since" or "until" or "origin")
                .SelectMany(field =>
                    field.Value.Where(value => !string.IsNullOrEmpty(value)).Select(value => KeyValuePair.Create<string, string?>(field.Key, value))
                )
        );

    /// <summary>A redirect where nothing failed; else a page with the reasons, which are shown nowhere else.</summary>
    private static IResult Answer(string action, OperationResult result, DeadLetterQueryString query, ClaimsPrincipal user)
    {
        var notice = Notices.Of(action, result);
        return result.Failures.Count == 0
            ? SeeOther(After(query, notice))
            : Page<RefusedPage>(
                new()
                {
                    ["Failures"] = result.Failures,
                    ["Notice"] = Notices.Text(notice),
                    ["Back"] = After(query, notice),
                },
                user
            );
    }

    private static string After(DeadLetterQueryString query, string notice) =>
        query.Ids is [var only]
            ? $"/console/dead-letters/{only}?notice={notice}"
            : $"/console/dead-letters?state={DeadLetterState.Open}&notice={notice}";

    private static RedirectHttpResult SeeOther(string url) => TypedResults.LocalRedirect(url);

    private static byte[] ReadStyle()
    {
        using var stream = typeof(ConsoleEndpoints).Assembly.GetManifestResourceStream("style.css")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

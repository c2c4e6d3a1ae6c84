using System.Globalization;
using System.Security.Claims;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Operators;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Pages;

/// <summary>The pages of the dead letters: lists, groups, one letter, and the questions before something is done to them.</summary>
internal static class DeadLetterPages
{
    // Each letter of a page may be selected, and the selection has to fit into the first line of a request (8 KiB in Kestrel).
    private const int MostOnAPage = 250;

    // The first letters that a question shows.
    private const int Shown = 10;

    public static void MapDeadLetterPages(this IEndpointRouteBuilder console)
    {
        var letters = console.MapGroup("/dead-letters");
        letters.MapGet("", ListAsync);
        letters.MapGet("/groups", GroupsAsync);
        letters.MapGet("/{id:long}", ShowAsync);
        letters.MapGet("/replay", ConfirmReplayAsync);
        letters.MapPost("/replay", ReplayAsync).Audited("replay");
        letters.MapGet("/discard", ConfirmDiscardAsync);
        letters.MapPost("/discard", DiscardAsync).Audited("discard");
        letters.MapGet("/export.jsonl", DeadLetterExport.JsonLines);
        letters.MapGet("/export.csv", DeadLetterExport.Csv);
    }

    private static async Task<RazorComponentResult<DeadLetterListPage>> ListAsync(
        [AsParameters] DeadLetterQueryString query,
        string? order,
        HttpRequest request,
        ClaimsPrincipal user,
        DeadLetterQueries queries,
        string? notice,
        CancellationToken cancellationToken
    )
    {
        var filter = query.ToFilter();
        var newestFirst = order != OldestFirst;
        var page = new DeadLetterSlice(query.AfterId, Math.Min(query.PageSize, MostOnAPage), newestFirst);
        var letters = await queries.ListAsync(filter, page, cancellationToken);
        return ConsoleEndpoints.Page<DeadLetterListPage>(
            new()
            {
                ["Letters"] = letters,
                // A first page that is not full has all of them.
                ["Count"] = page.After == 0 && letters.Count < page.Size ? letters.Count : await queries.CountAsync(filter, cancellationToken),
                ["Causes"] = await queries.CausesAsync(cancellationToken),
                ["Query"] = query,
                ["QueryString"] = FilterQuery.Of(request).ToString(),
                ["NewestFirst"] = newestFirst,
                ["NextPage"] = letters.Count == page.Size ? $"/console/dead-letters{Next(request, letters[^1].Id)}" : null,
                ["Notice"] = Notices.Text(notice),
            },
            user
        );
    }

    private const string OldestFirst = "oldest";

    private static QueryString Next(HttpRequest request, long last)
    {
        var next = FilterQuery.Of(request).Add("after", last.ToString(CultureInfo.InvariantCulture));
        foreach (var name in (string[])["order", "limit"])
        {
            if (request.Query[name] is [{ Length: > 0 } value])
                next = next.Add(name, value);
        }
        return next;
    }

    private static async Task<RazorComponentResult<FailureGroupsPage>> GroupsAsync(
        [AsParameters] DeadLetterQueryString query,
        ClaimsPrincipal user,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) => ConsoleEndpoints.Page<FailureGroupsPage>(new() { ["Model"] = await queries.FailureGroupsAsync(query.ToFilter(), cancellationToken) }, user);

    private static async Task<IResult> ShowAsync(
        long id,
        HttpContext http,
        ClaimsPrincipal user,
        DeadLetterQueries queries,
        string? notice,
        CancellationToken cancellationToken
    ) =>
        await queries.FindAsync(id, cancellationToken) is { } details
            ? ConsoleEndpoints.Page<DeadLetterPage>(new() { ["View"] = DeadLetterView.Of(details), ["Notice"] = Notices.Text(notice) }, user)
            : ConsoleProblems.NotFound(http, $"No dead letter has the id {id}.");

    private static async Task<RazorComponentResult<ConfirmPage>> ConfirmReplayAsync(
        [AsParameters] DeadLetterQueryString query,
        HttpRequest request,
        ClaimsPrincipal user,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) => Confirm(discard: false, query, await queries.AskAsync(query.ToFilter().ForReplay(), Shown, cancellationToken), request, user);

    private static async Task<RazorComponentResult<ConfirmPage>> ConfirmDiscardAsync(
        [AsParameters] DeadLetterQueryString query,
        HttpRequest request,
        ClaimsPrincipal user,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) => Confirm(discard: true, query, await queries.AskAsync(query.ToFilter().ForDiscard(), Shown, cancellationToken), request, user);

    private static RazorComponentResult<ConfirmPage> Confirm(
        bool discard,
        DeadLetterQueryString query,
        DeadLetterQuestion question,
        HttpRequest request,
        ClaimsPrincipal user
    ) =>
        ConsoleEndpoints.Page<ConfirmPage>(
            new()
            {
                ["Discard"] = discard,
                ["Model"] = question,
                ["Only"] = query.Ids is [_],
                ["Filter"] = FilterWords.Of(query.ToFilter()),
                ["QueryString"] = FilterQuery.Of(request).ToString(),
            },
            user
        );

    private static async Task<IResult> ReplayAsync(
        [AsParameters] DeadLetterQueryString query,
        IFormCollection form,
        HttpContext http,
        ClaimsPrincipal user,
        DeadLetterReplay replay,
        OperationStart operations,
        CancellationToken cancellationToken
    )
    {
        var filter = Filter(query, http);
        var rate = QueryText.Number("rate", form["rate"], 1_000_000);
        if (filter.Ids is not [var only])
            return await StartAsync(operations, DeadLetterOperationKind.Replay, filter, form, http, user, request => request with { Rate = rate });

        var changes = ((string Name, string Field)[])
            [("coupon-id", "couponId"), ("ordinal", "ordinal"), ("user-id", "userId"), ("issued-at", "issuedAt")];
        var edits = changes
            .Where(change => !string.IsNullOrWhiteSpace(form[change.Field]))
            .Select(change => $"{change.Name}={form[change.Field]}")
            .ToList();
        var action = RequestActions.Of(http);
        var result = await replay.ReplayAsync(
            new ReplayRequest
            {
                Filter = Unchanged(filter, form),
                Actor = OperatorAuthentication.ActorOf(user),
                Operation = action?.Operation,
                Rate = rate,
                Edit = edits.Count > 0 ? MessageEdit.Parse(edits) : null,
            },
            null,
            cancellationToken
        );
        action?.Note = result.Words;
        return Answer("replayed", result, only, user);
    }

    private static async Task<IResult> DiscardAsync(
        [AsParameters] DeadLetterQueryString query,
        IFormCollection form,
        HttpContext http,
        ClaimsPrincipal user,
        DeadLetterDiscard discard,
        OperationStart operations,
        CancellationToken cancellationToken
    )
    {
        var filter = Filter(query, http);
        var reason = DiscardReason.Checked(form["reason"]);
        var returnSeat = form["returnSeat"] == "true";
        if (filter.Ids is not [var only])
            return await StartAsync(operations, DeadLetterOperationKind.Discard, filter, form, http, user, request =>
                request with
                {
                    Reason = reason,
                    ReturnSeat = returnSeat,
                }
            );

        var action = RequestActions.Of(http);
        var result = await discard.DiscardAsync(
            new DiscardRequest
            {
                Filter = Unchanged(filter, form),
                Actor = OperatorAuthentication.ActorOf(user),
                Operation = action?.Operation,
                Reason = reason,
                ReturnSeat = returnSeat,
            },
            null,
            cancellationToken
        );
        action?.Note = result.Words;
        return Answer("discarded", result, only, user);
    }

    private static async Task<IResult> StartAsync(
        OperationStart operations,
        DeadLetterOperationKind kind,
        DeadLetterFilter filter,
        IFormCollection form,
        HttpContext http,
        ClaimsPrincipal user,
        Func<DeadLetterOperationRequest, DeadLetterOperationRequest> complete
    )
    {
        var confirmed = Confirmation.Of(form)
            ?? throw new FormatException("upTo, count and askedAt are missing: the form of the confirmation page carries them.");
        var operation = await operations.StartAsync(kind, filter, confirmed, StatusCodes.Status302Found, http, user, complete, http.RequestAborted);
        return ConsoleEndpoints.SeeOther(OperationPages.Of(operation));
    }

    private static DeadLetterFilter Filter(DeadLetterQueryString query, HttpContext http)
    {
        var filter = query.ToFilter();
        RequestActions.Of(http)?.CouponId = filter.CouponId;
        return filter;
    }

    // A letter that is named alone needs no question; where one was asked, the letter must not have changed since.
    private static DeadLetterFilter Unchanged(DeadLetterFilter filter, IFormCollection form) =>
        filter with
        {
            ChangedBefore = Confirmation.Of(form)?.AskedAt,
        };

    /// <summary>A redirect where nothing failed; else a page with the reasons, which are shown nowhere else.</summary>
    private static IResult Answer(string action, OperationResult result, long only, ClaimsPrincipal user)
    {
        var notice = Notices.Of(action, result);
        var after = $"/console/dead-letters/{only}?notice={notice}";
        return result.Failures.Count == 0
            ? ConsoleEndpoints.SeeOther(after)
            : ConsoleEndpoints.Page<RefusedPage>(
                new()
                {
                    ["Failures"] = result.Failures,
                    ["Notice"] = Notices.Text(notice),
                    ["Back"] = after,
                },
                user
            );
    }
}

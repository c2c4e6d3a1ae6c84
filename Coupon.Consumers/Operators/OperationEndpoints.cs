using System.Security.Claims;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Operators;

/// <summary><c>/ops/…</c>: what the commands do, as JSON.</summary>
internal static class OperationEndpoints
{
    public const int MaxBulk = 1000;

    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var ops = routes
            .MapGroup("/ops")
            .RequireAuthorization(OperatorAuthentication.ApiPolicy)
            .WithTags("Operations")
            .DisableAntiforgery()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .AddEndpointFilter(OperationProblems.AnswerAsync)
            .AddEndpointFilter(ForeignPages.RefuseAsync);
        ops.MapGet("/overview", OverviewAsync).WithSummary("Coupons, dead letters by cause, and what consumption waits for.");
        ops.MapGet("/dead-letters", ListAsync).WithSummary("Lists dead letters, oldest first.");
        ops.MapGet("/dead-letters/groups", GroupsAsync).WithSummary("Counts dead letters by cause and state.");
        ops.MapGet("/dead-letters/{id:long}", ShowAsync).WithSummary("One dead letter: payload, headers, exception, audit.");
        ops.MapPost("/dead-letters/replay", ReplayAsync).WithSummary("Sends open dead letters back to the main topic.");
        ops.MapPost("/dead-letters/discard", DiscardAsync).WithSummary("Gives open dead letters up for good.");
        ops.MapPost("/consumption/pause", PauseAsync).WithSummary("Pauses consumption in all instances.");
        ops.MapPost("/consumption/resume", ResumeAsync).WithSummary("Resumes consumption, and releases a valve that has shut.");
    }

    private static async Task<Ok<Overview>> OverviewAsync(OverviewReader overview, CancellationToken cancellationToken) =>
        TypedResults.Ok(await overview.ReadAsync(cancellationToken));

    private static async Task<Ok<IReadOnlyList<DeadLetterSummary>>> ListAsync(
        [AsParameters] DeadLetterQueryString query,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(await queries.ListAsync(query.ToFilter(), query.After ?? 0, query.PageSize, cancellationToken));

    private static async Task<Ok<IReadOnlyList<DeadLetterGroup>>> GroupsAsync(
        [AsParameters] DeadLetterQueryString query,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(await queries.GroupsAsync(query.ToFilter(), cancellationToken));

    private static async Task<Results<Ok<DeadLetterView>, NotFound>> ShowAsync(
        long id,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) => await queries.FindAsync(id, cancellationToken) is { } details ? TypedResults.Ok(DeadLetterView.Of(details)) : TypedResults.NotFound();

    private static async Task<Ok<OperationResult>> ReplayAsync(
        ReplayBody body,
        ClaimsPrincipal user,
        DeadLetterReplay replay,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    )
    {
        if (body.Rate is <= 0)
            throw new FormatException("rate must be above 0.");
        var request = new ReplayRequest
        {
            Filter = Given(body.Filter),
            Actor = OperatorAuthentication.ActorOf(user),
            Rate = body.Rate,
            Limit = Bounded(body.Limit),
            Edit = body.Set is { Count: > 0 } set ? MessageEdit.Parse(set.Select(change => $"{change.Key}={change.Value}")) : null,
        };
        return TypedResults.Ok(
            body.DryRun
                ? OperationResult.DryRun(await queries.SelectAsync(DeadLetterReplay.Replayable(request.Filter), body.Limit, cancellationToken))
                : await replay.ReplayAsync(request, null, cancellationToken)
        );
    }

    private static async Task<Ok<OperationResult>> DiscardAsync(
        DiscardBody body,
        ClaimsPrincipal user,
        DeadLetterDiscard discard,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    )
    {
        var request = new DiscardRequest
        {
            Filter = Given(body.Filter),
            Actor = OperatorAuthentication.ActorOf(user),
            Reason = DiscardReason.Checked(body.Reason),
            ReturnSeat = body.ReturnSeat,
            Limit = Bounded(body.Limit),
        };
        return TypedResults.Ok(
            body.DryRun
                ? OperationResult.DryRun(await queries.SelectAsync(DeadLetterDiscard.Discardable(request.Filter), body.Limit, cancellationToken))
                : await discard.DiscardAsync(request, null, cancellationToken)
        );
    }

    private static async Task<NoContent> PauseAsync(
        PauseBody body,
        ClaimsPrincipal user,
        ConsumptionSwitch consumption,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > 500)
            throw new FormatException("reason must have 1 to 500 characters.");
        await consumption.TurnAsync(paused: true, body.Reason, OperatorAuthentication.ActorOf(user), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ResumeAsync(ClaimsPrincipal user, ConsumptionSwitch consumption, CancellationToken cancellationToken)
    {
        await consumption.TurnAsync(paused: false, null, OperatorAuthentication.ActorOf(user), cancellationToken);
        return TypedResults.NoContent();
    }

    // What is written as null passes as given where JSON is read, whatever the type says.
    private static DeadLetterFilter Given(DeadLetterFilter? filter) =>
        filter ?? throw new FormatException("filter is missing; an empty object means all that are open.");

    private static int Bounded(int limit) => limit is >= 1 and <= MaxBulk ? limit : throw new FormatException($"limit must be 1 to {MaxBulk}.");
}

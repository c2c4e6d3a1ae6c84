using System.Security.Claims;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.DeadLetters;
using Coupon.Consumers.Monitoring;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Http;
using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Operators;

/// <summary><c>/ops/…</c>: the operations of the commands, as JSON.</summary>
internal static class OperationEndpoints
{
    public const int MaxBulk = 1000;

    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var ops = routes
            .MapGroup("/ops")
            .WithTags("Operations")
            .DisableAntiforgery()
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(OperationProblem), [ProblemCodes.Json]))
            .AddEndpointFilter(OperationProblems.AnswerAsync);
        ops.MapGet("/overview", OverviewAsync)
            .WithName("getOverview")
            .WithSummary("Coupons, dead letters by cause, and the obstacles of consumption.");
        ops.MapGet("/dead-letters", ListAsync).WithName("listDeadLetters").WithSummary("Lists dead letters, oldest first.");
        ops.MapGet("/dead-letters/groups", GroupsAsync).WithName("countDeadLetters").WithSummary("Counts dead letters by cause and state.");
        ops.MapGet("/dead-letters/places", PlacesAsync)
            .WithName("countDeadLettersByPlace")
            .WithSummary("Counts dead letters by cause, first frame of the stack that failed, and state.");
        ops.MapGet("/dead-letters/{id:long}", ShowAsync)
            .WithName("getDeadLetter")
            .WithSummary("One dead letter: payload, headers, exception, audit.");
        ops.MapGet("/actions", ActionsAsync).WithName("listActions").WithSummary("What operators did and tried, newest first.");
        ops.MapPost("/dead-letters/replay", ReplayAsync)
            .Audited("replay")
            .WithName("replayDeadLetters")
            .WithSummary("Sends open dead letters back to the main topic.");
        ops.MapPost("/dead-letters/discard", DiscardAsync)
            .Audited("discard")
            .WithName("discardDeadLetters")
            .WithSummary("Gives open dead letters up for good.");
        ops.MapBackgroundOperations();
        ops.MapPost("/consumption/pause", PauseAsync)
            .Audited("pause")
            .WithName("pauseConsumption")
            .WithSummary("Pauses consumption in all instances.");
        ops.MapPost("/consumption/resume", ResumeAsync)
            .Audited("resume")
            .WithName("resumeConsumption")
            .WithSummary("Resumes consumption, and releases a valve that has shut.");
    }

    private static async Task<Ok<Overview>> OverviewAsync(OverviewReader overview, CancellationToken cancellationToken) =>
        TypedResults.Ok(await overview.ReadAsync(CouponSearch.Open, cancellationToken));

    private static async Task<Ok<IReadOnlyList<DeadLetterSummary>>> ListAsync(
        [AsParameters] DeadLetterQueryString query,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(await queries.ListAsync(query.ToFilter(), query.AfterId, query.PageSize, cancellationToken));

    private static async Task<Ok<IReadOnlyList<DeadLetterGroup>>> GroupsAsync(
        [AsParameters] DeadLetterQueryString query,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(await queries.GroupsAsync(query.ToFilter(), cancellationToken));

    private static async Task<Ok<IReadOnlyList<FailureGroup>>> PlacesAsync(
        [AsParameters] DeadLetterQueryString query,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) => TypedResults.Ok(await queries.FailureGroupsAsync(query.ToFilter(), cancellationToken));

    private static async Task<Results<Ok<DeadLetterView>, NotFound>> ShowAsync(
        long id,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    ) => await queries.FindAsync(id, cancellationToken) is { } details ? TypedResults.Ok(DeadLetterView.Of(details)) : TypedResults.NotFound();

    private static async Task<Ok<IEnumerable<ActionView>>> ActionsAsync(
        [AsParameters] ActionQueryString query,
        ActionRecords records,
        CancellationToken cancellationToken
    ) => TypedResults.Ok((await records.ListAsync(query.ToFilter(), query.BeforeId, query.PageSize, cancellationToken)).Select(ActionView.Of));

    private static async Task<Ok<OperationResult>> ReplayAsync(
        ReplayBody body,
        HttpContext http,
        ClaimsPrincipal user,
        DeadLetterReplay replay,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    )
    {
        if (Pace.FindFault(body.Rate) is { } fault)
            throw new FormatException(fault);
        var action = RequestActions.Of(http);
        action?.CouponId = body.Filter?.CouponId;
        var request = new ReplayRequest
        {
            Filter = Given(body.Filter),
            Actor = OperatorAuthentication.ActorOf(user),
            Operation = action?.Operation,
            Rate = body.Rate,
            Limit = Bounded(body.Limit),
            Edit = body.Set is { Count: > 0 } set ? MessageEdit.Parse(set.Select(change => $"{change.Key}={change.Value}")) : null,
        };
        var result = body.DryRun
            ? OperationResult.DryRun(await queries.SelectAsync(request.Filter.ForReplay(), body.Limit, cancellationToken))
            : await replay.ReplayAsync(request, null, cancellationToken);
        action?.Note = result.Words;
        return TypedResults.Ok(result);
    }

    private static async Task<Ok<OperationResult>> DiscardAsync(
        DiscardBody body,
        HttpContext http,
        ClaimsPrincipal user,
        DeadLetterDiscard discard,
        DeadLetterQueries queries,
        CancellationToken cancellationToken
    )
    {
        var action = RequestActions.Of(http);
        action?.CouponId = body.Filter?.CouponId;
        var request = new DiscardRequest
        {
            Filter = Given(body.Filter),
            Actor = OperatorAuthentication.ActorOf(user),
            Operation = action?.Operation,
            Reason = DiscardReason.Checked(body.Reason),
            ReturnSeat = body.ReturnSeat,
            Limit = Bounded(body.Limit),
        };
        var result = body.DryRun
            ? OperationResult.DryRun(await queries.SelectAsync(request.Filter.ForDiscard(), body.Limit, cancellationToken))
            : await discard.DiscardAsync(request, null, cancellationToken);
        action?.Note = result.Words;
        return TypedResults.Ok(result);
    }

    private static async Task<NoContent> PauseAsync(
        PauseBody body,
        ClaimsPrincipal user,
        ConsumptionSwitch consumption,
        CancellationToken cancellationToken
    )
    {
        await consumption.SetAsync(paused: true, PauseReason.Checked(body.Reason), OperatorAuthentication.ActorOf(user), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ResumeAsync(ClaimsPrincipal user, ConsumptionSwitch consumption, CancellationToken cancellationToken)
    {
        await consumption.SetAsync(paused: false, null, OperatorAuthentication.ActorOf(user), cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>The filter of a body.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    // System.Text.Json lets an explicit null pass as a required member.
    internal static DeadLetterFilter Given(DeadLetterFilter? filter) =>
        filter ?? throw new FormatException("filter is missing; an empty object means all that are open.");

    private static int Bounded(int limit) => limit is >= 1 and <= MaxBulk ? limit : throw new FormatException($"limit must be 1 to {MaxBulk}.");
}

using System.Security.Claims;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Operators;

/// <summary>
/// <c>/ops/operations</c>: replays and discards of any number of dead letters, which go on after the answer. The console shows the same ones.
/// </summary>
internal static class BackgroundOperationEndpoints
{
    public static void MapBackgroundOperations(this IEndpointRouteBuilder ops)
    {
        var operations = ops.MapGroup("/operations");
        operations
            .MapGet("", ListAsync)
            .WithName("listOperations")
            .WithSummary($"The last {BackgroundOperations.MostListed} replays and discards in the background, newest first.");
        operations.MapGet("/{operation}", ShowAsync).WithName("getOperation").WithSummary("How far a replay or discard in the background is.");
        operations
            .MapPost("/replay", ReplayAsync)
            .Audited("replay")
            .WithName("startReplay")
            .WithSummary("Sends all open dead letters that match now back to the main topic, in the background.");
        operations
            .MapPost("/discard", DiscardAsync)
            .Audited("discard")
            .WithName("startDiscard")
            .WithSummary("Gives all open dead letters that match now up for good, in the background.");
        operations
            .MapPost("/{operation}/stop", StopAsync)
            .Audited("stop")
            .WithName("stopOperation")
            .WithSummary("Stops a replay or discard after the entries that have their turn. One that has ended stays as it is.");
    }

    private static async Task<Ok<IEnumerable<BackgroundOperationView>>> ListAsync(
        BackgroundOperations background,
        CancellationToken cancellationToken
    ) => TypedResults.Ok((await background.ListAsync(cancellationToken)).Select(BackgroundOperationView.Of));

    private static async Task<Results<Ok<BackgroundOperationView>, NotFound>> ShowAsync(
        string operation,
        DeadLetterOperations operations,
        CancellationToken cancellationToken
    ) => Answer(await operations.FindAsync(operation, cancellationToken));

    private static Task<Accepted<BackgroundOperationView>> ReplayAsync(
        BackgroundReplayBody body,
        HttpContext http,
        ClaimsPrincipal user,
        BackgroundOperations background,
        CancellationToken cancellationToken
    )
    {
        if (Pace.FindFault(body.Rate) is { } fault)
            throw new FormatException(fault);
        return background.StartAsync(
            DeadLetterOperationKind.Replay,
            OperationEndpoints.Given(body.Filter),
            http,
            user,
            request => request with { Rate = body.Rate },
            cancellationToken
        );
    }

    private static Task<Accepted<BackgroundOperationView>> DiscardAsync(
        BackgroundDiscardBody body,
        HttpContext http,
        ClaimsPrincipal user,
        BackgroundOperations background,
        CancellationToken cancellationToken
    )
    {
        var reason = DiscardReason.Checked(body.Reason);
        return background.StartAsync(
            DeadLetterOperationKind.Discard,
            OperationEndpoints.Given(body.Filter),
            http,
            user,
            request => request with { Reason = reason, ReturnSeat = body.ReturnSeat },
            cancellationToken
        );
    }

    private static async Task<Results<Ok<BackgroundOperationView>, NotFound>> StopAsync(
        string operation,
        ClaimsPrincipal user,
        BackgroundOperations background,
        CancellationToken cancellationToken
    ) => Answer(await background.StopAsync(operation, user, cancellationToken));

    private static Results<Ok<BackgroundOperationView>, NotFound> Answer(DeadLetterOperationRow? row) =>
        row is null ? TypedResults.NotFound() : TypedResults.Ok(BackgroundOperationView.Of(row));
}

using System.Security.Claims;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Operators;

/// <summary>The replays and discards in the background, for the console and the JSON API.</summary>
internal sealed class BackgroundOperations(
    OperationStart start,
    DeadLetterOperations operations,
    DeadLetterOperationPulse pulse,
    DeadLetterQueries queries
)
{
    /// <summary>How many are listed.</summary>
    public const int MostListed = 50;

    /// <summary>The last ones, newest first.</summary>
    public Task<IReadOnlyList<DeadLetterOperationRow>> ListAsync(CancellationToken cancellationToken) =>
        operations.ListAsync(MostListed, cancellationToken);

    /// <summary>Stops one after the entries that have their turn. One that has ended stays as it is.</summary>
    /// <returns>The operation; null: there is none.</returns>
    public async Task<DeadLetterOperationRow?> StopAsync(string operation, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (await operations.StopAsync(operation, OperatorAuthentication.ActorOf(user), cancellationToken))
            pulse.Ask();
        return await operations.FindAsync(operation, cancellationToken);
    }

    /// <summary>Counts what matches, has the operation put in line, and says where its progress is.</summary>
    public async Task<Accepted<BackgroundOperationView>> StartAsync(
        DeadLetterOperationKind kind,
        DeadLetterFilter filter,
        HttpContext http,
        ClaimsPrincipal user,
        Func<DeadLetterOperationRequest, DeadLetterOperationRequest> complete,
        CancellationToken cancellationToken
    )
    {
        var counted = await queries.AskAsync(
            kind == DeadLetterOperationKind.Replay ? filter.ForReplay() : filter.ForDiscard(),
            shown: 0,
            cancellationToken
        );
        var operation = await start.StartAsync(kind, filter, counted, StatusCodes.Status202Accepted, http, user, complete, cancellationToken);
        var row = await operations.FindAsync(operation, CancellationToken.None);
        return TypedResults.Accepted($"/ops/operations/{operation}", BackgroundOperationView.Of(row!));
    }
}

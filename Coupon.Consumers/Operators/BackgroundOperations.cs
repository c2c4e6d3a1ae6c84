using System.Security.Claims;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Operators;

/// <summary>Counts what matches, has the operation put in line, and says where its progress is.</summary>
internal sealed class BackgroundOperations(OperationStart start, DeadLetterOperations operations, DeadLetterQueries queries)
{
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

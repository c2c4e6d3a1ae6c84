using System.Security.Claims;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Operators;

/// <summary>Counts what matches, puts the operation in line, and says where its progress is.</summary>
internal sealed class BackgroundStart(DeadLetterOperations operations, DeadLetterOperationRunner runner, DeadLetterQueries queries)
{
    public async Task<Accepted<BackgroundOperationView>> RunAsync(
        DeadLetterOperationKind kind,
        DeadLetterFilter filter,
        HttpContext http,
        ClaimsPrincipal user,
        Func<DeadLetterOperationRequest, DeadLetterOperationRequest> complete,
        CancellationToken cancellationToken
    )
    {
        var action = RequestActions.Of(http) ?? throw new InvalidOperationException("The endpoint is not audited.");
        action.CouponId = filter.CouponId;
        var matching = await queries.AskAsync(
            kind == DeadLetterOperationKind.Replay ? filter.ForReplay() : filter.ForDiscard(),
            shown: 0,
            cancellationToken
        );
        var request = new DeadLetterOperationRequest
        {
            Operation = action.Operation,
            Kind = kind,
            Actor = OperatorAuthentication.ActorOf(user),
            Filter = filter,
            UpToId = matching.UpToId,
            AskedAt = matching.AskedAt,
            AnsweredWith = StatusCodes.Status202Accepted,
            Total = matching.Count,
        };
        await operations.StartAsync(complete(request), cancellationToken);

        // From here on its runner ends the action.
        action.GoesOn = true;
        runner.Begin();
        var row = await operations.FindAsync(action.Operation, CancellationToken.None);
        return TypedResults.Accepted($"/ops/operations/{action.Operation}", BackgroundOperationView.Of(row!));
    }
}

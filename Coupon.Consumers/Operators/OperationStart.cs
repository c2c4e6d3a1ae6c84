using System.Security.Claims;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Operators;

namespace Coupon.Consumers.Operators;

/// <summary>Puts a replay or discard of any number of dead letters in line, for the console and the JSON API.</summary>
internal sealed class OperationStart(DeadLetterOperations operations, DeadLetterOperationRunner runner)
{
    /// <summary>Starts one.</summary>
    /// <param name="kind">What is done.</param>
    /// <param name="filter">The filter as the operator gave it.</param>
    /// <param name="counted">What was counted: nothing that came or changed since takes part.</param>
    /// <param name="answeredWith">The status of HTTP that the operator is answered with, for the audit.</param>
    /// <param name="http">The request, which is audited.</param>
    /// <param name="user">The operator.</param>
    /// <param name="complete">Adds what belongs to the kind.</param>
    /// <param name="cancellationToken">Gives up before it is in line.</param>
    /// <returns>The id of the operation.</returns>
    public async Task<string> StartAsync(
        DeadLetterOperationKind kind,
        DeadLetterFilter filter,
        DeadLetterQuestion counted,
        int answeredWith,
        HttpContext http,
        ClaimsPrincipal user,
        Func<DeadLetterOperationRequest, DeadLetterOperationRequest> complete,
        CancellationToken cancellationToken
    )
    {
        var action = RequestActions.Of(http) ?? throw new InvalidOperationException("The endpoint is not audited.");
        action.CouponId = filter.CouponId;
        var request = new DeadLetterOperationRequest
        {
            Operation = action.Operation,
            Kind = kind,
            Actor = OperatorAuthentication.ActorOf(user),
            Filter = filter,
            UpToId = counted.UpToId,
            AskedAt = counted.AskedAt,
            AnsweredWith = answeredWith,
            Total = counted.Count,
        };
        await operations.StartAsync(complete(request), cancellationToken);

        // From here on its runner ends the action.
        action.GoesOn = true;
        runner.Begin();
        return action.Operation;
    }
}

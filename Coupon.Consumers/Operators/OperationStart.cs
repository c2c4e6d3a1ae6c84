using System.Security.Claims;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Operators;

namespace Coupon.Consumers.Pages;

/// <summary>Puts what an operator has confirmed in line, and leads to the page that shows how far it is.</summary>
internal sealed class OperationStart(DeadLetterOperations operations, DeadLetterOperationRunner runner)
{
    /// <exception cref="FormatException">Nothing was confirmed: the form is not that of the question.</exception>
    public async Task<IResult> StartAsync(
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
        var action = RequestActions.Of(http) ?? throw new InvalidOperationException("The endpoint is not audited.");
        var request = new DeadLetterOperationRequest
        {
            Operation = action.Operation,
            Kind = kind,
            Actor = OperatorAuthentication.ActorOf(user),
            Filter = filter,
            UpToId = confirmed.UpToId,
            AskedAt = confirmed.AskedAt,
            AnsweredWith = StatusCodes.Status302Found,
            Total = confirmed.Count,
        };
        await operations.StartAsync(complete(request), http.RequestAborted);

        // From here on its runner ends the action.
        action.GoesOn = true;
        runner.Begin();
        return ConsoleEndpoints.SeeOther(OperationPages.Of(action.Operation));
    }
}

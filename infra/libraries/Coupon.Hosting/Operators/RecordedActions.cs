using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Coupon.Hosting.Operators;

/// <summary>
/// Records everything that an operator changes, or tries to change: whatever is asked for by another method than GET at the operators' door. An
/// endpoint that says itself who somebody is, as the sign-in, records its action itself. Nobody else gets this far, so a flood leaves no rows.
/// </summary>
internal static class RecordedActions
{
    /// <summary>To be called after authorization.</summary>
    public static void UseActionRecords(this IApplicationBuilder app)
    {
        var actions = app.ApplicationServices.GetRequiredService<RequestActions>();
        app.Use((context, next) => IsAction(context) ? RecordAsync(context, actions, next) : next(context));
    }

    private static bool IsAction(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method)
        && context.User.Identity?.IsAuthenticated == true
        && context.GetEndpoint()?.Metadata.GetMetadata<Door>()?.IsForOperators == true;

    private static async Task RecordAsync(HttpContext context, RequestActions actions, RequestDelegate next)
    {
        var name = OperatorAuthentication.NameOf(context.User);
        if (OperatorName.FaultOf(name) is not { } fault)
        {
            await actions.BeginAsync(context, name);
            await next(context);
            return;
        }

        // The audit could not keep the name, so nothing is done under it.
        await actions.BeginAsync(context, OperatorActionRow.UnknownActor);
        RequestActions.Of(context)!.Note = EdgeRefusal.InvalidRequest;
        await new EdgeRefusal(StatusCodes.Status400BadRequest, EdgeRefusal.InvalidRequest, fault).ApplyAsync(context);
    }
}

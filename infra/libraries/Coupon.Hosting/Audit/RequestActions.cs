using System.Globalization;
using Coupon.Database;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Coupon.Hosting.Audit;

/// <summary>The action of a request. Its row is completed before the answer is sent, so whoever has the answer finds the result.</summary>
public sealed class RequestActions(ActionRecords records)
{
    /// <summary>The action of a request; null: it has none.</summary>
    public static OperatorAction? Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<OperatorAction>();
    }

    /// <summary>Records that the action of this request begins.</summary>
    /// <exception cref="ActionNotRecordedException">It could not be recorded: the action must not begin.</exception>
    public async Task BeginAsync(HttpContext context, string actor)
    {
        ArgumentNullException.ThrowIfNull(context);
        var action = new OperatorAction(ActionNames.Of(context), actor, AddressOf(context)) { CouponId = CouponOf(context) };
        await records.BeginAsync(action, context.RequestAborted);
        context.Features.Set(action);

        // Also an exception becomes an answer, in front of this; where the client has gone, the server makes it 499. The second is for a connection
        // that broke before any answer was begun.
        context.Response.OnStarting(EndAsync);
        context.Response.OnCompleted(EndAsync);

        Task EndAsync() =>
            action.GoesOn ? Task.CompletedTask : records.EndAsync(action, context.Response.StatusCode.ToString(CultureInfo.InvariantCulture));
    }

    private static string AddressOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is not { } address ? OperatorActionRow.UnknownActor
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
        : address.ToString();

    private static long? CouponOf(HttpContext context) =>
        context.GetRouteValue("couponId") is string text && long.TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : null;
}

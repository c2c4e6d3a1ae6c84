using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Coupon.Hosting.Telemetry;

/// <summary>Which requests are traced: those of people and programs, not those that ask again and again how this one is.</summary>
public static class TracedRequests
{
    private static readonly PathString _health = new("/health");
    private static readonly PathString _metrics = new("/metrics");

    /// <summary>Whether a request is traced.</summary>
    public static bool IsTraced(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return !context.Request.Path.StartsWithSegments(_health) && !context.Request.Path.StartsWithSegments(_metrics);
    }

    /// <summary>Has no request of this program traced, nor what happens within it.</summary>
    public static void UseUntraced(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Use(
            (_, next) =>
            {
                Untrace(Activity.Current);
                return next();
            }
        );
    }

    /// <summary>Takes an activity out of the trace: it is not exported, and what begins within it is not recorded.</summary>
    internal static void Untrace(Activity? activity)
    {
        if (activity is null)
            return;
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        activity.IsAllDataRequested = false;
    }
}

using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Coupon.Hosting.Http;

/// <summary>Keeps ids of users out of traces: a span has the pattern of the path instead of the path, and no query.</summary>
public static class TracedPath
{
    /// <summary>Replaces the tags of the instrumentation. It runs at the response, when the route is known.</summary>
    public static void Set(Activity activity, HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(response);
        activity.SetTag("url.path", (response.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "/");
        activity.SetTag("url.query", null);
    }
}

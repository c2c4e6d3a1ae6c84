using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Coupon.Hosting.Health;

/// <summary>The health endpoints of every program.</summary>
public static class HealthEndpoints
{
    /// <summary>The tag of the checks that decide whether the process is ready. The bus gives it to its own checks too.</summary>
    public const string Ready = "ready";

    /// <summary>
    /// <c>/health/live</c>: the process answers. <c>/health/ready</c>: every check with the tag <see cref="Ready"/> passes. Degraded answers 200 too.
    /// The body is <c>{"status":…}</c>: the reasons name servers and topics, and are for operators.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteStatusAsync });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = IsReadiness, ResponseWriter = WriteStatusAsync });
    }

    /// <summary>
    /// <c>/health/ready</c> for operators, with each check: <c>{"status":…,"checks":{name:{"status":…,"description":…}}}</c>. A check without a
    /// description has no such member.
    /// </summary>
    public static void MapHealthDetails(this IEndpointRouteBuilder routes) =>
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = IsReadiness, ResponseWriter = WriteDetailsAsync });

    private static bool IsReadiness(HealthCheckRegistration check) => check.Tags.Contains(Ready);

    private static Task WriteStatusAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"status":"{{report.Status}}"}""", context.RequestAborted);
    }

    private static async Task WriteDetailsAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach (var (name, check) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", check.Status.ToString());
            if (check.Description is { } description)
                json.WriteString("description", description);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}

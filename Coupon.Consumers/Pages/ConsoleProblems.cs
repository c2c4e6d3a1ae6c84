using Coupon.Consumers.Consumption;
using Coupon.Consumers.Operators;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Pages;

/// <summary>Turns the refusals that the JSON API answers with problem details into pages, with the obstacles of consumption.</summary>
internal static class ConsoleProblems
{
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context);
        }
        catch (FormatException exception)
        {
            RequestActions.Of(http)?.Note = OperationCodes.InvalidRequest;
            return Page(http, StatusCodes.Status400BadRequest, "Invalid request", exception.Message);
        }
        catch (Exception exception) when (Unavailable.Of(exception) is { } unavailable)
        {
            return Page(http, unavailable);
        }
    }

    /// <summary>
    /// Answers with a page also where a server is away before the endpoint: where the audit cannot be written, or the session cannot be read. To be
    /// called before the doors.
    /// </summary>
    public static void UseConsoleProblems(this WebApplication app) =>
        app.Use(
            async (http, next) =>
            {
                try
                {
                    await next(http);
                }
                catch (Exception exception)
                    when (!http.Response.HasStarted
                        && http.Request.Path.StartsWithSegments("/console", StringComparison.Ordinal)
                        && Unavailable.Of(exception) is { } unavailable
                    )
                {
                    http.Response.Clear();
                    await Page(http, unavailable).ExecuteAsync(http);
                }
            }
        );

    public static RazorComponentResult<ProblemPage> NotFound(HttpContext http, string detail) =>
        Page(http, StatusCodes.Status404NotFound, "Not found", detail);

    private static RazorComponentResult<ProblemPage> Page(HttpContext http, Unavailable unavailable)
    {
        RequestActions.Of(http)?.Note = unavailable.Code;
        http.Response.Headers.RetryAfter = $"{Unavailable.RetryAfterSeconds}";
        return Page(http, StatusCodes.Status503ServiceUnavailable, unavailable.Title, unavailable.Detail);
    }

    private static RazorComponentResult<ProblemPage> Page(HttpContext http, int status, string title, string text) =>
        new(
            new Dictionary<string, object?>
            {
                ["Title"] = title,
                ["Text"] = text,

                // A link cannot repeat the POST of a form.
                ["Back"] =
                    HttpMethods.IsGet(http.Request.Method) && status == StatusCodes.Status503ServiceUnavailable
                        ? http.Request.Path + http.Request.QueryString
                        : "/console",
                ["Obstacles"] = http.RequestServices.GetRequiredService<ConsumptionState>().Obstacles,
                ["IsKnown"] = http.User.Identity?.IsAuthenticated == true,

                // Without the form to sign out, whose key may be in the MySQL that is away.
                ["Actor"] =
                    http.User.Identity?.IsAuthenticated == true && status != StatusCodes.Status503ServiceUnavailable
                        ? OperatorAuthentication.NameOf(http.User)
                        : null,
            }
        )
        {
            StatusCode = status,
            PreventStreamingRendering = true,
        };
}

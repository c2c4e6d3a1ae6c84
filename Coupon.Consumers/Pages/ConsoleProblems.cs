using Coupon.Consumers.Consumption;
using Coupon.Consumers.Operators;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Pages;

/// <summary>Answers for people what the JSON API answers with problem details: a page that says what is wrong and what goes on meanwhile.</summary>
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
            return Page(http, StatusCodes.Status400BadRequest, "That makes no sense", exception.Message);
        }
        catch (Exception exception) when (Unavailable.Of(exception) is { } unavailable)
        {
            http.Response.Headers.RetryAfter = $"{Unavailable.RetryAfterSeconds}";
            return Page(http, StatusCodes.Status503ServiceUnavailable, unavailable.Title, unavailable.Detail);
        }
    }

    public static RazorComponentResult<ProblemPage> NotFound(HttpContext http, string what) =>
        Page(http, StatusCodes.Status404NotFound, "There is no such thing", what);

    private static RazorComponentResult<ProblemPage> Page(HttpContext http, int status, string title, string text) =>
        new(
            new Dictionary<string, object?>
            {
                ["Title"] = title,
                ["Text"] = text,

                // A form is not sent again by a link.
                ["Back"] =
                    HttpMethods.IsGet(http.Request.Method) && status == StatusCodes.Status503ServiceUnavailable
                        ? http.Request.Path + http.Request.QueryString
                        : "/console",
                ["Obstacles"] = http.RequestServices.GetRequiredService<ConsumptionState>().Obstacles,
                ["Actor"] = http.User.Identity?.IsAuthenticated == true ? OperatorAuthentication.NameOf(http.User) : null,
            }
        )
        {
            StatusCode = status,
            PreventStreamingRendering = true,
        };
}

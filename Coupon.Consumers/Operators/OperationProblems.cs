using System.Text.Json;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Http;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Operators;

/// <summary>Turns every refusal of the JSON API into problem details with a stable code.</summary>
internal static class OperationProblems
{
    public static IServiceCollection AddOperationProblems(this IServiceCollection services) =>
        services
            .AddProblemDetails()
            // A request that cannot be bound would be a bare 400; the exception names the member or parameter.
            .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);

    /// <summary>Answers everything that no endpoint has answered with a problem, whatever the request accepts.</summary>
    public static void UseOperationProblems(this WebApplication app)
    {
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandler = AnswerExceptionAsync,
                SuppressDiagnosticsCallback = context =>
                    context.Exception is BadHttpRequestException || Unavailable.Of(context.Exception) is not null,
            }
        );
        app.UseStatusCodePages(AnswerStatusAsync);
    }

    /// <summary>Answers a malformed value with 400 and the reason, and a server that is away with 503, at every endpoint.</summary>
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        ArgumentNullException.ThrowIfNull(next);
        try
        {
            return await next(context);
        }
        catch (FormatException exception)
        {
            return Problem(context.HttpContext, StatusCodes.Status400BadRequest, OperationCodes.InvalidRequest, null, exception.Message);
        }
        catch (Exception exception) when (Unavailable.Of(exception) is { } unavailable)
        {
            return Problem(context.HttpContext, unavailable);
        }
    }

    private static Task AnswerStatusAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        if (http.Features.Get<EdgeRefusal>() is { } edge)
            return Problem(http, edge.Status, edge.Code, null, edge.Detail).ExecuteAsync(http);
        EdgeServices.AllowHead(http.Response);
        var status = http.Response.StatusCode;
        return Problem(http, status, OperationCodes.Of(status), null, null).ExecuteAsync(http);
    }

    private static Task AnswerExceptionAsync(HttpContext http)
    {
        var exception = http.Features.Get<IExceptionHandlerFeature>()?.Error;

        // From before the endpoints, which answer their own: the audit cannot be written, or a session cannot be read.
        if (exception is not null && Unavailable.Of(exception) is { } unavailable)
            return Problem(http, unavailable).ExecuteAsync(http);
        var status = exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
        return Problem(http, status, OperationCodes.Of(status), null, status < 500 ? DetailOf(exception!) : null).ExecuteAsync(http);
    }

    // The message of the exception names .NET types, which clients must not depend on.
    private static string DetailOf(Exception exception) =>
        exception.InnerException switch
        {
            JsonException { Path: { } path } json
                when json.Message.StartsWith("filter.", StringComparison.Ordinal) || json.Message.StartsWith("One of ", StringComparison.Ordinal) =>
                $"The body is not of the expected shape at {path}: {json.Message}",
            JsonException { Path: { } path } => $"The body is not of the expected shape at {path}.",
            _ => "The request cannot be read: a parameter or the body has not the form that is expected.",
        };

    private static ProblemHttpResult Problem(HttpContext http, Unavailable unavailable)
    {
        http.Response.Headers.RetryAfter = $"{Unavailable.RetryAfterSeconds}";
        return Problem(http, StatusCodes.Status503ServiceUnavailable, unavailable.Code, unavailable.Title, unavailable.Detail);
    }

    private static ProblemHttpResult Problem(HttpContext http, int status, string code, string? title, string? detail)
    {
        RequestActions.Of(http)?.Note = code;
        return TypedResults.Problem(
            detail,
            statusCode: status,
            title: title,
            // The framework has no address for these two, and would leave the type out.
            type: status is StatusCodes.Status421MisdirectedRequest or StatusCodes.Status429TooManyRequests ? "about:blank" : null,
            extensions: new Dictionary<string, object?> { ["code"] = code }
        );
    }
}

using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Consumers.Operators;

/// <summary>Every refusal of the JSON API is problem details with a stable code.</summary>
internal static class OperationProblems
{
    public static IServiceCollection AddOperationProblems(this IServiceCollection services) =>
        services.AddProblemDetails(problems =>
            problems.CustomizeProblemDetails = context => context.ProblemDetails.Extensions.TryAdd("code", CodeOf(context.ProblemDetails.Status))
        );

    /// <summary>What an operator typed wrong is a 400 with the reason, a server that is away a 503, whichever endpoint it was asked at.</summary>
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        ArgumentNullException.ThrowIfNull(next);
        try
        {
            return await next(context);
        }
        catch (FormatException exception)
        {
            return Problem(StatusCodes.Status400BadRequest, "invalid-request", null, exception.Message);
        }
        catch (Exception exception) when (Unavailable.Of(exception) is { } unavailable)
        {
            context.HttpContext.Response.Headers.RetryAfter = $"{Unavailable.RetryAfterSeconds}";
            return Problem(StatusCodes.Status503ServiceUnavailable, unavailable.Code, unavailable.Title, unavailable.Detail);
        }
    }

    /// <summary>403, with the reason.</summary>
    public static ProblemHttpResult Forbidden(string detail) => Problem(StatusCodes.Status403Forbidden, "forbidden", null, detail);

    private static ProblemHttpResult Problem(int status, string code, string? title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title, extensions: new Dictionary<string, object?> { ["code"] = code });

    private static string CodeOf(int? status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "invalid-request",
            StatusCodes.Status401Unauthorized => "unauthorized",
            StatusCodes.Status403Forbidden => "forbidden",
            StatusCodes.Status404NotFound => "not-found",
            StatusCodes.Status405MethodNotAllowed => "method-not-allowed",
            StatusCodes.Status415UnsupportedMediaType => "unsupported-media-type",
            StatusCodes.Status429TooManyRequests => "too-many-requests",
            _ => "internal",
        };
}

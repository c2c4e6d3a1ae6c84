using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Api.Problems;

/// <summary>Turns what no endpoint answered into a problem: exceptions, and the bare status codes of the framework.</summary>
internal static class ProblemHandling
{
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerExceptionAsync,
            SuppressDiagnosticsCallback = context => KindOf(context.Exception) is not null,
        });
        app.UseStatusCodePages(AnswerStatusAsync);
    }

    private static Task AnswerExceptionAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var problem = exception is not null && KindOf(exception) is { } kind
            ? Problem.Of(kind)
            : Problem.Of(ProblemKinds.Internal) with { TraceId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier };
        return new Refusal(problem).ExecuteAsync(context);
    }

    private static Task AnswerStatusAsync(StatusCodeContext context)
    {
        var kind = OfStatus(context.HttpContext.Response.StatusCode);
        return kind is null ? Task.CompletedTask : new Refusal(kind).ExecuteAsync(context.HttpContext);
    }

    // Null: a fault of this service, which is logged with its stack trace.
    private static ProblemKind? KindOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => OfStatus(bad.StatusCode) ?? ProblemKinds.BadRequest,
        RedisException or RedisTimeoutException => ProblemKinds.StockUnavailable,
        MySqlException { IsTransient: true } => ProblemKinds.DatabaseUnavailable,
        { InnerException: { } inner } => KindOf(inner),
        _ => null,
    };

    private static ProblemKind? OfStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => ProblemKinds.BadRequest,
        StatusCodes.Status404NotFound => ProblemKinds.NotFound,
        StatusCodes.Status405MethodNotAllowed => ProblemKinds.MethodNotAllowed,
        StatusCodes.Status413PayloadTooLarge => ProblemKinds.BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => ProblemKinds.UnsupportedMediaType,
        _ => null,
    };
}

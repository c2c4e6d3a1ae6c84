using System.Diagnostics;
using Coupon.Database;
using Coupon.Hosting.Audit;
using Coupon.Hosting.Http;
using Coupon.Stock;
using Microsoft.AspNetCore.Diagnostics;
using MySqlConnector;

namespace Coupon.Api.Http;

/// <summary>Answers exceptions and the bare status codes of the framework with problems.</summary>
internal static class ProblemHandling
{
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandler = AnswerExceptionAsync,

                // Logged below instead, with the trace id that the client is given.
                SuppressDiagnosticsCallback = _ => true,
            }
        );
        app.UseStatusCodePages(AnswerStatusAsync);
    }

    private static Task AnswerExceptionAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        return new Refusal(exception is not null && KindOf(exception) is { } kind ? Problem.Of(kind) : Unexpected(context, exception)).ExecuteAsync(
            context
        );
    }

    private static Problem Unexpected(HttpContext context, Exception? exception)
    {
        var traceId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        Log.RequestFailed(context.RequestServices.GetRequiredService<ILogger<Problem>>(), exception, traceId);
        return Problem.Of(ProblemKinds.Internal) with { TraceId = traceId };
    }

    private static Task AnswerStatusAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        if (http.Features.Get<EdgeRefusal>() is { } edge)
            return new Refusal(ProblemKinds.ByCode[edge.Code], edge.Detail).ExecuteAsync(http);
        EdgeServices.AllowHead(http.Response);
        var kind = OfStatus(http.Response.StatusCode);
        return kind is null ? Task.CompletedTask : new Refusal(kind).ExecuteAsync(http);
    }

    // Null: a fault of this service.
    private static ProblemKind? KindOf(Exception exception) =>
        exception switch
        {
            BadHttpRequestException bad => OfStatus(bad.StatusCode) ?? ProblemKinds.BadRequest,
            ActionNotRecordedException => ProblemKinds.DatabaseUnavailable,
            _ when RedisFailure.Is(exception) => ProblemKinds.StockUnavailable,
            MySqlException mySql when DatabaseFailure.IsAway(mySql) => ProblemKinds.DatabaseUnavailable,
            { InnerException: { } inner } => KindOf(inner),
            _ => null,
        };

    private static ProblemKind? OfStatus(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => ProblemKinds.BadRequest,
            StatusCodes.Status401Unauthorized => ProblemKinds.Unauthenticated,
            StatusCodes.Status403Forbidden => ProblemKinds.NotAnOperator,
            StatusCodes.Status404NotFound => ProblemKinds.NotFound,
            StatusCodes.Status405MethodNotAllowed => ProblemKinds.MethodNotAllowed,
            StatusCodes.Status413PayloadTooLarge => ProblemKinds.BodyTooLarge,
            StatusCodes.Status415UnsupportedMediaType => ProblemKinds.UnsupportedMediaType,
            StatusCodes.Status429TooManyRequests => ProblemKinds.TooManyRequests,
            _ => null,
        };
}

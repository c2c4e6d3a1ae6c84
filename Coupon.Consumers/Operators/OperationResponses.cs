using System.Globalization;
using Coupon.Hosting.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Coupon.Consumers.Operators;

/// <summary>Adds to each operation how it may refuse: most of the refusals come before the endpoint, so that it cannot declare them.</summary>
internal static class OperationResponses
{
    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var responses = operation.Responses ??= [];
        var changes = context.Description.HttpMethod != HttpMethods.Get;
        var named = operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true;
        foreach (var (status, codes) in Refusals(changes, named))
            responses[status.ToString(CultureInfo.InvariantCulture)] = ProblemCodes.Refusal(
                document,
                nameof(OperationProblem),
                status,
                codes,
                string.Join(" · ", codes.Select(code => $"`{code}`"))
            );
        responses["default"] = new OpenApiResponse
        {
            Description = "Any other refusal.",
            Content = ProblemCodes.Content(document, nameof(OperationProblem)),
        };
        return Task.CompletedTask;
    }

    private static IEnumerable<(int Status, string[] Codes)> Refusals(bool changes, bool named)
    {
        yield return (StatusCodes.Status400BadRequest, [OperationCodes.InvalidRequest]);
        yield return (StatusCodes.Status401Unauthorized, [OperationCodes.Unauthorized]);
        yield return (StatusCodes.Status403Forbidden, changes ? [OperationCodes.Forbidden, EdgeRefusal.CrossSite] : [OperationCodes.Forbidden]);
        if (named)
            yield return (StatusCodes.Status404NotFound, [OperationCodes.NotFound]);
        if (changes)
            yield return (StatusCodes.Status415UnsupportedMediaType, [EdgeRefusal.UnsupportedMediaType, EdgeRefusal.UnsupportedContentEncoding]);
        yield return (StatusCodes.Status421MisdirectedRequest, [EdgeRefusal.UnknownHost]);
        yield return (StatusCodes.Status429TooManyRequests, [OperationCodes.TooManyRequests]);
        yield return (
            StatusCodes.Status503ServiceUnavailable,
            [OperationCodes.StockUnavailable, OperationCodes.BrokerUnavailable, OperationCodes.DatabaseUnavailable]
        );
    }
}

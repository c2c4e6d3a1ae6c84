using System.Globalization;
using Coupon.Api.Coupons;
using Coupon.Api.Http;
using Coupon.Hosting.Http;
using Coupon.Hosting.Operators;
using Microsoft.OpenApi;

namespace Coupon.Api.Document;

/// <summary>
/// Adds to each operation what its endpoint does not declare: the refusals before it, the codes of each refusal, headers and bounds.
/// </summary>
internal static class DocumentOperations
{
    // The refusals of any request that changes something.
    private static readonly ProblemKind[] _ofChanges =
    [
        ProblemKinds.CrossSite,
        ProblemKinds.UnsupportedMediaType,
        ProblemKinds.UnsupportedContentEncoding,
    ];

    // The refusals of any request at the operators' door without a key or a token, with a wrong one, or with one that has not the role.
    private static readonly ProblemKind[] _ofOperators = [ProblemKinds.Unauthenticated, ProblemKinds.NotAnOperator, ProblemKinds.TooManyRequests];

    public static void Describe(OpenApiDocument document, OpenApiOperation operation, HttpMethod method, IList<object> metadata)
    {
        var kinds = EndpointMetadata
            .RefusalsOf(metadata)
            .Concat(method == HttpMethod.Get ? [] : _ofChanges)
            .Concat(Door.IsOperators(metadata) ? _ofOperators : [])
            .Append(ProblemKinds.UnknownHost)
            .Concat(operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true ? [ProblemKinds.NotFound] : [])
            .DistinctBy(kind => kind.Code)
            .GroupBy(kind => kind.Status)
            .OrderBy(status => status.Key);
        var responses = operation.Responses ??= [];
        foreach (var status in kinds)
            responses[Text(status.Key)] = Refusal(document, status.Key, [.. status]);
        responses["default"] = AnyOther(document);
        foreach (var (status, response) in responses)
        {
            if (status is "201" or "202")
                SetHeader(
                    response,
                    "Location",
                    "Where it is: a path of this service.",
                    new OpenApiSchema { Type = JsonSchemaType.String },
                    isRequired: true
                );
        }

        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            Bound(parameter);
    }

    private static OpenApiResponse Refusal(OpenApiDocument document, int status, ProblemKind[] kinds)
    {
        var response = ProblemCodes.Refusal(
            document,
            nameof(Problem),
            status,
            kinds.Select(kind => kind.Code),
            string.Join(" · ", kinds.Select(kind => $"`{kind.Code}` {kind.Title}"))
        );
        if (kinds.Contains(ProblemKinds.UnsupportedContentEncoding))
            SetHeader(
                response,
                "Accept-Encoding",
                "Where the body was encoded: what is accepted.",
                new OpenApiSchema { Type = JsonSchemaType.String }
            );
        return response;
    }

    private static OpenApiResponse AnyOther(OpenApiDocument document) =>
        new() { Description = "Any other refusal; `/problems` lists all.", Content = ProblemCodes.Content(document, nameof(Problem)) };

    private static void SetHeader(IOpenApiResponse response, string name, string description, OpenApiSchema schema, bool isRequired = false)
    {
        if (response is OpenApiResponse own)
            (own.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] = new OpenApiHeader
            {
                Description = description,
                Required = isRequired,
                Schema = schema,
            };
    }

    private static void Bound(OpenApiParameter parameter) =>
        parameter.Schema = (parameter.Name, parameter.In) switch
        {
            ("couponId", ParameterLocation.Path) => Number("int64", 1, DocumentSchemas.MaxCouponId),
            ("userId", ParameterLocation.Path) => Number("int64", 1, Text(long.MaxValue)),
            ("before", ParameterLocation.Query) => Number("int64", 1, Text(long.MaxValue)),
            ("limit", ParameterLocation.Query) => Number("int32", 1, Text(PageQuery.MaxSize), PageQuery.DefaultSize),
            ("code", ParameterLocation.Path) => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[a-z-]+$" },
            _ => parameter.Schema,
        };

    private static OpenApiSchema Number(string format, int least, string most, int? otherwise = null) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Format = format,
            Minimum = Text(least),
            Maximum = most,
            Default = otherwise,
        };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

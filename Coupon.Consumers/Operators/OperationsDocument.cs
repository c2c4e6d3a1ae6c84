using Coupon.Hosting.Http;
using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Coupon.Consumers.Operators;

/// <summary>The parts of the OpenAPI document that the endpoints do not declare themselves.</summary>
internal static class OperationsDocument
{
    public static void Describe(OpenApiOptions options) =>
        options
            .AddSchemaTransformer(DescribeTimesAsText)
            .AddSchemaTransformer(OperationsSchemas.Describe)
            .AddOperationTransformer(OperationsSchemas.DescribeQuery)
            .AddOperationTransformer(OperationResponses.Describe)
            .AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info = new OpenApiInfo
                    {
                        Title = "Coupon operations",
                        Version = "v1",
                        Description =
                            "The operations on dead letters and consumption. Every refusal is problem details (RFC 9457) with a stable `code`. "
                            + "Send the header X-Operator-Key, or a bearer token with the operators' role; "
                            + "X-Operator-Name is the operator's name for the audit.",
                    };
                    document.Servers?.Clear();
                    OperationsSchemas.DescribeAnswers(document);
                    ProblemCodes.Describe(document, OperationCodes.All, nameof(OperationProblem));
                    OperatorSecurity.Describe(document);
                    return Task.CompletedTask;
                }
            );

    // A type with a JSON converter of its own is described by its format alone.
    private static Task DescribeTimesAsText(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (schema is { Format: "date-time", Type: null })
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
        return Task.CompletedTask;
    }
}

using System.Globalization;
using Coupon.Api.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Coupon.Api.Http;

/// <summary>What the API document says beyond what the endpoints say of themselves.</summary>
internal static class ApiDocument
{
    public static void Describe(OpenApiOptions options) =>
        options
            .AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info = new OpenApiInfo
                    {
                        Title = "Coupon",
                        Version = "v1",
                        Description =
                            "First come, first served coupons. Every refusal is problem details (RFC 9457) with a stable `code`; "
                            + "`/problems/{code}` explains each.",
                    };
                    document.Servers?.Clear();
                    return Task.CompletedTask;
                }
            )
            .AddOperationTransformer(
                (operation, context, _) =>
                {
                    var metadata = context.Description.ActionDescriptor.EndpointMetadata;
                    if (metadata.OfType<IdempotencyKeyMetadata>().Any())
                        (operation.Parameters ??= []).Add(IdempotencyKey());
                    foreach (var (status, response) in operation.Responses ?? [])
                    {
                        var refusals = RefusalMetadata.Describe(metadata, int.Parse(status, CultureInfo.InvariantCulture));
                        if (refusals.Length > 0)
                            response.Description = refusals;
                    }

                    return Task.CompletedTask;
                }
            );

    private static OpenApiParameter IdempotencyKey() =>
        new()
        {
            Name = "Idempotency-Key",
            In = ParameterLocation.Header,
            Description = "1 to 128 visible ASCII characters. The same user with the same key gets the same 202 and body again, instead of 409.",
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                MinLength = 1,
                MaxLength = 128,
                Pattern = "^[!-~]+$",
            },
        };
}

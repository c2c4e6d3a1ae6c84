using Coupon.Api.Http;
using Coupon.Hosting.Http;
using Coupon.Hosting.Operators;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Coupon.Api.Document;

/// <summary>The parts of the API document that do not come from the endpoints themselves.</summary>
internal static class ApiDocument
{
    private const string OfPublic =
        "First come, first served coupons. Every refusal is problem details (RFC 9457) with a stable `code`; `/problems/{code}` explains each.";

    private const string OfOperators =
        "The life of coupons, their balance, and any user's issuance. Every refusal is problem details (RFC 9457) with a stable `code`. "
        + "Send the key or a token with the operators' role; X-Operator-Name is the operator's name for the audit.";

    /// <summary>The name of the operators' document.</summary>
    public const string Operators = "operators";

    /// <summary>Adds the documents of both doors, which <c>MapDocument</c> serves, and the JSON of the index.</summary>
    public static IServiceCollection AddApiDocuments(this IServiceCollection services) =>
        services
            .ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, IndexJson.Default))
            .AddOpenApi(DocumentEndpoint.Public, options => Describe(options, isForOperators: false))
            .AddOpenApi(Operators, options => Describe(options, isForOperators: true));

    private static void Describe(OpenApiOptions options, bool isForOperators)
    {
        options.ShouldInclude = description => Door.IsOperators(description.ActionDescriptor.EndpointMetadata) == isForOperators;
        options
            .AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info = new OpenApiInfo
                    {
                        Title = isForOperators ? "Coupon, for operators" : "Coupon",
                        Version = "v1",
                        Description = isForOperators ? OfOperators : OfPublic,
                    };
                    document.Servers?.Clear();
                    DocumentSchemas.Describe(document);
                    if (isForOperators)
                        OperatorSecurity.Describe(document);
                    else
                        UserSecurity.Describe(document);
                    return Task.CompletedTask;
                }
            )
            .AddOperationTransformer(
                (operation, context, _) =>
                {
                    var metadata = context.Description.ActionDescriptor.EndpointMetadata;
                    operation.OperationId = EndpointMetadata.NameOf(metadata);
                    if (EndpointMetadata.HasIdempotencyKey(metadata))
                        (operation.Parameters ??= []).Add(IdempotencyKeyParameter());
                    DocumentOperations.Describe(context.Document!, operation, new HttpMethod(context.Description.HttpMethod!), metadata);

                    return Task.CompletedTask;
                }
            );
    }

    private static OpenApiParameter IdempotencyKeyParameter() =>
        new()
        {
            Name = EndpointMetadata.IdempotencyKeyHeader,
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

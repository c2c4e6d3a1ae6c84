using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Coupon.Consumers.Operators;

/// <summary>What the document of the JSON API says beyond what its endpoints say of themselves.</summary>
internal static class OperationsDocument
{
    private const string TokenScheme = "operatorToken";
    private const string KeyScheme = "operatorKey";

    public static void Describe(OpenApiOptions options) =>
        options
            .AddSchemaTransformer(SayThatTimesAreText)
            .AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info = new OpenApiInfo
                    {
                        Title = "Coupon operations",
                        Version = "v1",
                        Description =
                            "What operators do, as JSON. Every refusal is problem details (RFC 9457) with a stable `code`. "
                            + "Send the header X-Operator-Key, or a bearer token with the operators' role; X-Operator-Name says who, for the audit.",
                    };
                    document.Servers?.Clear();
                    document.Components ??= new OpenApiComponents();
                    document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
                    document.Components.SecuritySchemes[KeyScheme] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.ApiKey,
                        In = ParameterLocation.Header,
                        Name = OperatorKeyHandler.KeyHeader,
                    };
                    document.Components.SecuritySchemes[TokenScheme] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http,
                        Scheme = "bearer",
                        BearerFormat = "JWT",
                    };

                    // One of the two.
                    document.Security =
                    [
                        new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] },
                        new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, document)] = [] },
                    ];
                    return Task.CompletedTask;
                }
            );

    // What has a converter of its own is described by its format alone.
    private static Task SayThatTimesAreText(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (schema is { Format: "date-time", Type: null })
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
        return Task.CompletedTask;
    }
}

using Microsoft.OpenApi;

namespace Coupon.Hosting.Operators;

/// <summary>What an operator sends, in the document of an operators' door.</summary>
public static class OperatorSecurity
{
    private const string Token = "operatorToken";
    private const string Key = "operatorKey";

    /// <summary>Adds the key and the token; either of the two is enough.</summary>
    public static void Describe(OpenApiDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        document.Components ??= new OpenApiComponents();
        var schemes = document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        schemes[Key] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = OperatorKeyHandler.KeyHeader,
        };
        schemes[Token] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] },
        ];
    }
}

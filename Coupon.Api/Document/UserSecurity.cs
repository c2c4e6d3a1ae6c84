using Microsoft.OpenApi;

namespace Coupon.Api.Document;

/// <summary>What a user's client sends to say who it is, in the document of the public door.</summary>
internal static class UserSecurity
{
    private const string Token = "token";

    public static void Describe(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        var schemes = document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        schemes[Token] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The user's token, where the service takes the user from one. Elsewhere a proxy sets a header, or the body names the user.",
        };

        // The empty one: no token is needed, where the body names the user.
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] },
            new OpenApiSecurityRequirement(),
        ];
    }
}

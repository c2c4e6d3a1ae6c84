using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace Coupon.Hosting.Http;

/// <summary>The codes of problems in an interface document: an enum with a name, of which a generated client makes one type.</summary>
public static class ProblemCodes
{
    /// <summary>The member of a response that lists the codes which that answer may have, where the document knows them.</summary>
    public const string Extension = "x-problem-codes";

    /// <summary>The media type of problem details.</summary>
    public const string Json = "application/problem+json";

    /// <summary>The name of the enum.</summary>
    public const string Schema = "ProblemCode";

    /// <summary>Adds the enum, and makes it the type of the member <c>code</c>.</summary>
    /// <param name="document">The document.</param>
    /// <param name="codes">All codes.</param>
    /// <param name="owners">The schemas that have the member.</param>
    public static void Describe(OpenApiDocument document, IEnumerable<string> codes, params IEnumerable<string> owners)
    {
        ArgumentNullException.ThrowIfNull(document);
        var schemas = (document.Components ??= new OpenApiComponents()).Schemas ??= new Dictionary<string, IOpenApiSchema>();
        schemas[Schema] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = "What a client may branch on.",
            Enum = [.. codes.Select(code => (JsonNode)code)],
        };
        foreach (var owner in owners)
        {
            if (schemas.TryGetValue(owner, out var described) && described is OpenApiSchema { Properties: { } members })
                members["code"] = new OpenApiSchemaReference(Schema, document) { Description = members["code"].Description };
        }
    }

    /// <summary>A refusal: problem details, with the codes that it may have; where it is a matter of time, with Retry-After.</summary>
    /// <param name="document">The document.</param>
    /// <param name="problem">The schema of the problem details.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="description">What it means.</param>
    public static OpenApiResponse Refusal(OpenApiDocument document, string problem, int status, IEnumerable<string> codes, string description)
    {
        var response = new OpenApiResponse
        {
            Description = description,
            Content = Content(document, problem),
            Extensions = new Dictionary<string, IOpenApiExtension>
            {
                [Extension] = new JsonNodeExtension(new JsonArray([.. codes.Select(code => JsonValue.Create(code))])),
            },
        };
        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "After how many seconds to try again.",
                    Required = true,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
                },
            };
        return response;
    }

    /// <summary>
    /// The content of every refusal: one schema for all, so that a generated client has one type for them. Which codes an answer may have is beside
    /// it.
    /// </summary>
    public static IDictionary<string, OpenApiMediaType> Content(OpenApiDocument document, string problem) =>
        new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = new OpenApiSchemaReference(problem, document) } };
}

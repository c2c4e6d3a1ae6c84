using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coupon.Consumers.DeadLetters;
using Coupon.Database;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Coupon.Consumers.Operators;

/// <summary>Makes the schemas of the operators' JSON say what its readers accept: names of enums, and no null in a filter.</summary>
internal static class OperationsSchemas
{
    private static readonly string[] _requests =
    [
        nameof(ReplayBody),
        nameof(DiscardBody),
        nameof(BackgroundReplayBody),
        nameof(BackgroundDiscardBody),
        nameof(PauseBody),
        nameof(DeadLetterFilter),
    ];

    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetNames(context.JsonTypeInfo.Type).Select(name => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(name))];
        }
        if (context.JsonTypeInfo.Type == typeof(DeadLetterFilter))
        {
            foreach (var member in schema.Properties?.Values.OfType<OpenApiSchema>() ?? [])
                member.Type &= ~JsonSchemaType.Null;
        }
        return Task.CompletedTask;
    }

    /// <summary>Answers have all their members, null or not; of a problem, those that do not apply are left out.</summary>
    public static void DescribeAnswers(OpenApiDocument document)
    {
        foreach (var (name, described) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (described is not OpenApiSchema { Properties: { } members } schema)
                continue;
            if (name == nameof(OperationProblem))
                schema.Required = members.Where(member => !LetsGoOfNull(member.Value)).Select(member => member.Key).ToHashSet();
            else if (!_requests.Contains(name))
                schema.Required = members.Keys.ToHashSet();

            // The generator leaves the items of an enum's list out.
            if (name == nameof(DeadLetterFilter) && members["states"] is OpenApiSchema states)
                states.Items = new OpenApiSchemaReference(nameof(DeadLetterState), document);
        }
    }

    private static bool LetsGoOfNull(IOpenApiSchema member)
    {
        if (member is not OpenApiSchema { Type: { } type } own || !type.HasFlag(JsonSchemaType.Null))
            return false;
        own.Type = type & ~JsonSchemaType.Null;
        return true;
    }

    // The parameters are bound as text, so that a malformed one can be named.
    public static Task DescribeQuery(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Query) ?? [])
        {
            parameter.Schema = parameter.Name switch
            {
                "limit" => Number("1", OperationEndpoints.MaxBulk),
                "after" => Number("0"),
                "coupon" or "user" or "before" => Number("1"),
                "id" => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Number("1") },
                "state" => new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchemaReference(nameof(DeadLetterState), context.Document),
                },
                _ => parameter.Schema,
            };
        }
        return Task.CompletedTask;
    }

    private static OpenApiSchema Number(string least, int? most = null) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Minimum = least,
            Maximum = most?.ToString(CultureInfo.InvariantCulture),
        };
}

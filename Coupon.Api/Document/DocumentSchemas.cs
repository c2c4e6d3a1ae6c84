using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coupon.Api.Coupons;
using Coupon.Api.Http;
using Coupon.Api.Issuing.Deciding;
using Coupon.Api.Issuing.Finding;
using Coupon.Hosting.Http;
using Microsoft.OpenApi;

namespace Coupon.Api.Document;

/// <summary>
/// Makes the schemas say what is on the wire. Answers leave null members out, so these are neither required nor null there. The required members of a
/// request have attributes; they are nullable in C# only so that all missing ones can be named at once.
/// </summary>
internal static class DocumentSchemas
{
    /// <summary>The largest id of a coupon: what a number of JavaScript holds exactly.</summary>
    public const string MaxCouponId = "9007199254740991";

    private static readonly Type[] _requests = [typeof(IssueRequest), typeof(CreateCouponRequest), typeof(RestockRequest)];

    // The least values of whole numbers in answers. Others may be negative, such as the drift of a balance.
    private static readonly Dictionary<string, int> _least = new()
    {
        ["id"] = 1,
        ["couponId"] = 1,
        // 0: a seat that another program wrote into Redis, in a form that cannot be read.
        ["ordinal"] = 0,
        ["userId"] = 1,
        ["totalQuantity"] = 1,
        ["issued"] = 0,
        ["persisted"] = 0,
        ["outbox"] = 0,
        ["inKafka"] = 0,
        ["openDeadLetters"] = 0,
        ["missingCount"] = 0,
        ["aheadOfRedis"] = 0,
        ["usersAdded"] = 0,
        ["ordinalBefore"] = 0,
        ["ordinalAfter"] = 0,
        ["outboxAdded"] = 0,
    };

    private static readonly Dictionary<string, JsonNode> _examples = new()
    {
        [nameof(IssueRequest)] = JsonNode.Parse("""{"userId":42}""")!,
        [nameof(CreateCouponRequest)] = JsonNode.Parse(
            """{"title":"One coffee","totalQuantity":1000,"opensAt":"2030-01-01T10:00:00+09:00","closesAt":"2030-01-02T00:00:00Z"}"""
        )!,
        [nameof(RestockRequest)] = JsonNode.Parse("""{"quantity":100,"expectedTotalQuantity":1000}""")!,
        [nameof(IssuanceResponse)] = JsonNode.Parse(
            """{"issuanceId":"17-532","couponId":17,"ordinal":532,"userId":42,"issuedAt":"2030-01-01T01:00:00.123+00:00","status":"pending"}"""
        )!,
        [nameof(IssuanceStatusResponse)] = JsonNode.Parse(
            """
            {"issuanceId":"17-532","couponId":17,"ordinal":532,"userId":42,"issuedAt":"2030-01-01T01:00:00.123+00:00","status":"issued",
             "persistedAt":"2030-01-01T01:00:00.456+00:00"}
            """
        )!,
        [nameof(CouponResponse)] = JsonNode.Parse(
            """
            {"id":17,"title":"One coffee","totalQuantity":1000,"remaining":468,"issued":532,"persisted":530,"createdAt":"2029-12-31T09:00:00+00:00",
             "state":"open"}
            """
        )!,
        [nameof(Problem)] = JsonSerializer.SerializeToNode(Problem.Of(ProblemKinds.SoldOut), ProblemJson.Default.Problem)!,
    };

    public static void Describe(OpenApiDocument document)
    {
        foreach (var (name, described) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (described is not OpenApiSchema schema)
                continue;
            if (_examples.TryGetValue(name, out var example))
                schema.Examples = [example.DeepClone()];
            if (schema.Enum is { Count: > 0 })
                schema.Type = JsonSchemaType.String;
            if (Array.Find(_requests, type => type.Name == name) is { } request)
                DescribeRequest(schema, request);
            else if (schema.Properties is { Count: > 0 })
                DescribeAnswer(schema);
        }

        ProblemCodes.Describe(document, ProblemKinds.ByCode.Keys, nameof(Problem), nameof(ProblemKind));
    }

    private static void DescribeAnswer(OpenApiSchema schema)
    {
        schema.Required = new HashSet<string>();
        foreach (var (name, described) in schema.Properties!)
        {
            if (described is not OpenApiSchema member || member.Type is not { } type || !type.HasFlag(JsonSchemaType.Null))
                schema.Required.Add(name);
            if (described is not OpenApiSchema own)
                continue;
            own.Type &= ~JsonSchemaType.Null;
            if (own.Type == JsonSchemaType.Integer && _least.TryGetValue(name, out var least))
                own.Minimum = least.ToString(CultureInfo.InvariantCulture);
        }
    }

    // An unknown member is refused, so there are no additional ones.
    private static void DescribeRequest(OpenApiSchema schema, Type request)
    {
        schema.Required = new HashSet<string>();
        schema.AdditionalPropertiesAllowed = false;
        foreach (var property in request.GetProperties())
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (schema.Properties?[name] is not OpenApiSchema member)
                continue;

            // A member with a JSON converter of its own is described by its format alone.
            if (member.Type is null)
                member.Type = JsonSchemaType.String | JsonSchemaType.Null;
            if (property.PropertyType == typeof(DateTimeOffset?))
                member.Format = "date-time";
            if (property.IsDefined(typeof(RequiredAttribute)))
            {
                schema.Required.Add(name);
                member.Type &= ~JsonSchemaType.Null;
            }

            if (property.GetCustomAttribute<RangeAttribute>() is { } range)
            {
                member.Minimum = Convert.ToString(range.Minimum, CultureInfo.InvariantCulture);
                member.Maximum = Convert.ToString(range.Maximum, CultureInfo.InvariantCulture);
            }

            if (property.GetCustomAttribute<StringLengthAttribute>() is { } length)
                (member.MinLength, member.MaxLength) = (length.MinimumLength, length.MaximumLength);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Coupon.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Coupon.Api.Document;

/// <summary>The first page: where everything is.</summary>
/// <param name="Title">What this is.</param>
/// <param name="Links">By name, the path.</param>
public sealed record ApiIndex(string Title, IReadOnlyDictionary<string, string> Links);

internal static class ApiIndexEndpoint
{
    private static readonly ApiIndex _public = new(
        "Coupon",
        new Dictionary<string, string>
        {
            ["document"] = "/openapi/v1.json",
            ["problems"] = "/problems",
            ["live"] = "/health/live",
            ["ready"] = "/health/ready",
        }
    );

    private static readonly ApiIndex _operators = new(
        "Coupon, for operators",
        new Dictionary<string, string>
        {
            ["document"] = "/openapi/v1.json",
            ["reference"] = "/scalar/v1",
            ["problems"] = "/problems",
            ["coupons"] = "/coupons",
            ["ready"] = "/health/ready",
            ["metrics"] = "/metrics",
        }
    );

    public static void MapIndex(this IEndpointRouteBuilder routes) => routes.MapGet("/", PublicIndex).Describe();

    public static void MapOperatorsIndex(this IEndpointRouteBuilder routes) => routes.MapGet("/", OperatorsIndex).Describe();

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder route) =>
        route.Named("getIndex").WithTags("Index").WithSummary("Where everything is");

    private static Ok<ApiIndex> PublicIndex() => TypedResults.Ok(_public);

    private static Ok<ApiIndex> OperatorsIndex() => TypedResults.Ok(_operators);
}

/// <summary>The body of the index.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ApiIndex))]
internal sealed partial class IndexJson : JsonSerializerContext;

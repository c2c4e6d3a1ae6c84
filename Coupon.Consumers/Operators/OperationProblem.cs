using Coupon.Hosting.Http;

namespace Coupon.Consumers.Operators;

/// <summary>The body of every refusal of the JSON API: problem details of RFC 9457 with a code. Members that do not apply are left out.</summary>
internal sealed record OperationProblem
{
    /// <summary>A reference to what the status means.</summary>
    public required string Type { get; init; }

    /// <summary>The status, or the server that is away, in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The stable code to branch on.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong with this request.</summary>
    public string? Detail { get; init; }

    /// <summary>The id to search traces for.</summary>
    public string? TraceId { get; init; }
}

/// <summary>The stable codes of the JSON API.</summary>
internal static class OperationCodes
{
    public const string BadRequest = "bad-request";
    public const string BodyTooLarge = "body-too-large";
    public const string BrokerUnavailable = "broker-unavailable";
    public const string DatabaseUnavailable = "database-unavailable";
    public const string Forbidden = "forbidden";
    public const string Internal = "internal";
    public const string InvalidRequest = EdgeRefusal.InvalidRequest;
    public const string MethodNotAllowed = "method-not-allowed";
    public const string NotFound = EdgeRefusal.NotFound;
    public const string StockUnavailable = "stock-unavailable";
    public const string TooManyRequests = "too-many-requests";
    public const string Unauthorized = "unauthorized";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        BadRequest,
        BodyTooLarge,
        BrokerUnavailable,
        EdgeRefusal.CrossSite,
        DatabaseUnavailable,
        Forbidden,
        Internal,
        InvalidRequest,
        MethodNotAllowed,
        NotFound,
        StockUnavailable,
        TooManyRequests,
        Unauthorized,
        EdgeRefusal.UnknownHost,
        EdgeRefusal.UnsupportedContentEncoding,
        EdgeRefusal.UnsupportedMediaType,
    ];

    /// <summary>The code of a status that has only one, or of one that the framework has set.</summary>
    public static string Of(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => InvalidRequest,
            StatusCodes.Status401Unauthorized => Unauthorized,
            StatusCodes.Status403Forbidden => Forbidden,
            StatusCodes.Status404NotFound => NotFound,
            StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
            StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
            StatusCodes.Status415UnsupportedMediaType => EdgeRefusal.UnsupportedMediaType,
            StatusCodes.Status429TooManyRequests => TooManyRequests,
            >= 500 => Internal,
            _ => BadRequest,
        };
}

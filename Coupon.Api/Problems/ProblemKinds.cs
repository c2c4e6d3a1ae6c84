namespace Coupon.Api.Problems;

/// <summary>Every way in which this service refuses. Served at <c>/problems/{code}</c>, and the source of the API document.</summary>
public static class ProblemKinds
{
    /// <summary>The body is not JSON, or not of the shape asked for.</summary>
    public static readonly ProblemKind InvalidJson = new(
        "invalid-json",
        400,
        "The body cannot be read",
        "The body is not JSON, has a member that is unknown or appears twice, or a value of the wrong type. The detail says where."
    );

    /// <summary>Well-formed, but a value is missing or out of range.</summary>
    public static readonly ProblemKind InvalidRequest = new(
        "invalid-request",
        400,
        "The request is not valid",
        "A value is missing or out of range. The member errors names each and says what is expected."
    );

    /// <summary>The Idempotency-Key header has the wrong form.</summary>
    public static readonly ProblemKind InvalidIdempotencyKey = new(
        "invalid-idempotency-key",
        400,
        "The Idempotency-Key is not valid",
        "Send the header once, with 1 to 128 visible ASCII characters."
    );

    /// <summary>No such coupon.</summary>
    public static readonly ProblemKind UnknownCoupon = new(
        "unknown-coupon",
        404,
        "There is no such coupon",
        "No coupon has this id, or it was deleted."
    );

    /// <summary>The user holds none of this coupon.</summary>
    public static readonly ProblemKind NotIssued = new(
        "not-issued",
        404,
        "The user has none of this coupon",
        "Nothing was issued to this user, and nothing is on its way."
    );

    /// <summary>No such path.</summary>
    public static readonly ProblemKind NotFound = new("not-found", 404, "There is nothing here", "No resource has this path.");

    /// <summary>The path exists, the method does not.</summary>
    public static readonly ProblemKind MethodNotAllowed = new(
        "method-not-allowed",
        405,
        "The method is not allowed here",
        "The header Allow names the methods that are."
    );

    /// <summary>The user has one.</summary>
    public static readonly ProblemKind AlreadyIssued = new(
        "already-issued",
        409,
        "The user has this coupon already",
        "One per user. The problem carries the id, the ordinal and the time of the original issuance. To get the original answer again instead, "
            + "send the Idempotency-Key of the first request."
    );

    /// <summary>None is left.</summary>
    public static readonly ProblemKind SoldOut = new("sold-out", 409, "None is left", "Every one of this coupon was given out.");

    /// <summary>The window has not begun.</summary>
    public static readonly ProblemKind NotOpenYet = new("not-open-yet", 409, "The coupon is not open yet", "The member opensAt says from when.");

    /// <summary>The window is over.</summary>
    public static readonly ProblemKind Closed = new("closed", 409, "The coupon is closed", "Its window is over, or it was closed by hand.");

    /// <summary>The total is not what the caller thought.</summary>
    public static readonly ProblemKind TotalChanged = new(
        "total-changed",
        409,
        "The total has changed",
        "The coupon was restocked since its total was read: read it again and decide again."
    );

    /// <summary>Something of the coupon is on its way.</summary>
    public static readonly ProblemKind InFlight = new(
        "in-flight",
        409,
        "Issuances are on their way",
        "The coupon can be deleted when everything that was issued has been written and no dead letter is open. Close it first."
    );

    /// <summary>The body is longer than any request needs.</summary>
    public static readonly ProblemKind BodyTooLarge = new("body-too-large", 413, "The body is too large", "No request needs more than 16 KiB.");

    /// <summary>Not JSON by its own account.</summary>
    public static readonly ProblemKind UnsupportedMediaType = new(
        "unsupported-media-type",
        415,
        "The body must be JSON",
        "Send Content-Type: application/json."
    );

    /// <summary>Any other fault that the server saw in the request itself.</summary>
    public static readonly ProblemKind BadRequest = new(
        "bad-request",
        400,
        "The request cannot be understood",
        "The HTTP request itself is malformed."
    );

    /// <summary>The outbox has reached its limit.</summary>
    public static readonly ProblemKind OutboxFull = new(
        "outbox-full",
        503,
        "Too much waits to be sent",
        "The message broker is behind, and nothing was decided. Try again after Retry-After seconds."
    );

    /// <summary>Redis does not answer.</summary>
    public static readonly ProblemKind StockUnavailable = new(
        "stock-unavailable",
        503,
        "The stock cannot be asked",
        "Nothing is known of the outcome. Send the same request again after Retry-After seconds: "
            + "an issuance that was decided is answered with the same one."
    );

    /// <summary>Redis may have forgotten something.</summary>
    public static readonly ProblemKind StockUnverified = new(
        "stock-unverified",
        503,
        "The stock is being verified",
        "The stock has come back from a failure and is compared with what was issued "
            + "before another one is given out. Try again after Retry-After seconds."
    );

    /// <summary>Another verification runs.</summary>
    public static readonly ProblemKind VerificationUnderWay = new(
        "verification-under-way",
        503,
        "A verification is under way",
        "One at a time: the stock is being verified already, or Redis failed while it was. Try again after Retry-After seconds."
    );

    /// <summary>Kafka does not answer.</summary>
    public static readonly ProblemKind BrokerUnavailable = new(
        "broker-unavailable",
        503,
        "The message broker does not answer",
        "What is on its way cannot be read. Try again after Retry-After seconds. Issuing goes on meanwhile."
    );

    /// <summary>MySQL does not answer.</summary>
    public static readonly ProblemKind DatabaseUnavailable = new(
        "database-unavailable",
        503,
        "The database does not answer",
        "Try again after Retry-After seconds. Issuing goes on meanwhile."
    );

    /// <summary>A fault of this service.</summary>
    public static readonly ProblemKind Internal = new(
        "internal",
        500,
        "Something went wrong here",
        "The fault is ours. The member traceId leads to it in the logs."
    );

    /// <summary>All of them, by code.</summary>
    public static IReadOnlyDictionary<string, ProblemKind> ByCode { get; } =
        new[]
        {
            InvalidJson,
            InvalidRequest,
            InvalidIdempotencyKey,
            UnknownCoupon,
            NotIssued,
            NotFound,
            MethodNotAllowed,
            AlreadyIssued,
            SoldOut,
            NotOpenYet,
            Closed,
            TotalChanged,
            InFlight,
            BodyTooLarge,
            UnsupportedMediaType,
            BadRequest,
            OutboxFull,
            StockUnavailable,
            StockUnverified,
            VerificationUnderWay,
            BrokerUnavailable,
            DatabaseUnavailable,
            Internal,
        }.ToDictionary(kind => kind.Code, StringComparer.Ordinal);
}

using Coupon.Hosting.Http;

namespace Coupon.Api.Http;

/// <summary>All kinds of problems. Served at <c>/problems/{code}</c>, and named in the API document.</summary>
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
    public static readonly ProblemKind NotFound = new("not-found", 404, "Not found", "No resource has this path.");

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

    /// <summary>No seat is left.</summary>
    public static readonly ProblemKind SoldOut = new("sold-out", 409, "Sold out", "Every seat of this coupon was given out.");

    /// <summary>The window has not begun.</summary>
    public static readonly ProblemKind NotOpenYet = new("not-open-yet", 409, "The coupon is not open yet", "The member opensAt says when it opens.");

    /// <summary>The window is over.</summary>
    public static readonly ProblemKind Closed = new("closed", 409, "The coupon is closed", "Its window is over, or it was closed by hand.");

    /// <summary>The total is not the one that the caller expects.</summary>
    public static readonly ProblemKind TotalChanged = new(
        "total-changed",
        409,
        "The total has changed",
        "The coupon was restocked since its total was read. Read it again before you restock."
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

    /// <summary>The Content-Type is not JSON.</summary>
    public static readonly ProblemKind UnsupportedMediaType = new(
        "unsupported-media-type",
        415,
        "The body must be JSON",
        "Send Content-Type: application/json."
    );

    /// <summary>The body is compressed, or encoded in another way.</summary>
    public static readonly ProblemKind UnsupportedContentEncoding = new(
        EdgeRefusal.UnsupportedContentEncoding,
        415,
        "The body must not be encoded",
        "Send the body without Content-Encoding. The header Accept-Encoding says so too."
    );

    /// <summary>A page of another site has sent it.</summary>
    public static readonly ProblemKind CrossSite = new(
        EdgeRefusal.CrossSite,
        403,
        "Sent by a page of another site",
        "Requests that change something are accepted from pages of this site and from programs. Sec-Fetch-Site or Origin names another site."
    );

    /// <summary>The request does not say who sends it, or not in a way that is believed.</summary>
    public static readonly ProblemKind Unauthenticated = new(
        "unauthenticated",
        401,
        "It is not known who sends this",
        "A valid token, or a key at the operators' door, is missing. The detail says which."
    );

    /// <summary>The request is for another user.</summary>
    public static readonly ProblemKind OtherUser = new(
        "other-user",
        403,
        "This is another user's",
        "The body or the path names another user than the token or the proxy does."
    );

    /// <summary>The token has not the operators' role.</summary>
    public static readonly ProblemKind NotAnOperator = new(
        "not-an-operator",
        403,
        "Operators only",
        "The token is valid, but does not have the role of an operator."
    );

    /// <summary>A client asks more often than it may.</summary>
    public static readonly ProblemKind TooManyRequests = new(
        "too-many-requests",
        429,
        "Too many requests",
        "This user, this address, or wrong keys from this address come too often. Try again after Retry-After seconds."
    );

    /// <summary>All clients together ask for more than the instance can hold.</summary>
    public static readonly ProblemKind Busy = new(
        "busy",
        503,
        "Too many requests are waiting",
        "This instance has as many waiting requests as it may. Nothing was decided. Try again after Retry-After seconds."
    );

    /// <summary>The request is for another host.</summary>
    public static readonly ProblemKind UnknownHost = new(
        EdgeRefusal.UnknownHost,
        421,
        "This service does not answer for that host",
        "The host of the request is not among those that the setting AllowedHosts lists; where it lists none, "
            + "only addresses and names without a dot are served."
    );

    /// <summary>A coupon was rebuilt several times in a row.</summary>
    public static readonly ProblemKind RebuiltRecently = new(
        "rebuilt-recently",
        429,
        "The coupon was rebuilt a moment ago",
        "A coupon sells nothing while it is rebuilt. Try again after Retry-After seconds."
    );

    /// <summary>Any other fault of the HTTP request itself.</summary>
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
        "The outbox is full",
        "The message broker is behind, so nothing was decided. Try again after Retry-After seconds."
    );

    /// <summary>Redis does not answer.</summary>
    public static readonly ProblemKind StockUnavailable = new(
        "stock-unavailable",
        503,
        "The stock does not answer",
        "The outcome is unknown. Send the same request again after Retry-After seconds: "
            + "an issuance that was decided is answered with the same one."
    );

    /// <summary>Redis may have lost data.</summary>
    public static readonly ProblemKind StockUnverified = new(
        "stock-unverified",
        503,
        "The stock is being verified",
        "The stock has come back from a failure and is compared with what was issued before another seat is given out. "
            + "Try again after Retry-After seconds."
    );

    /// <summary>Another verification runs.</summary>
    public static readonly ProblemKind VerificationUnderWay = new(
        "verification-under-way",
        503,
        "A verification is under way",
        "The stock is being verified already, or Redis failed during the verification. Try again after Retry-After seconds."
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
        "Internal error",
        "A fault of this service. The member traceId leads to it in the logs."
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
            UnsupportedContentEncoding,
            CrossSite,
            Unauthenticated,
            OtherUser,
            NotAnOperator,
            TooManyRequests,
            Busy,
            UnknownHost,
            RebuiltRecently,
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

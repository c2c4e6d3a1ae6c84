namespace Coupon.Faults.Histories;

/// <summary>What one request of a client came to.</summary>
internal enum AnswerKind
{
    /// <summary>202: the seat is taken.</summary>
    Accepted,

    /// <summary>409: the user has it already.</summary>
    AlreadyIssued,

    /// <summary>The status of an issuance, which names the ordinal.</summary>
    Status,

    /// <summary>A refusal, with its code.</summary>
    Refused,

    /// <summary>The connection broke, or nothing came in time.</summary>
    None,
}

/// <summary>One answer, or its absence.</summary>
/// <param name="Sent">When the request was sent, from the beginning of the sale.</param>
/// <param name="Received">When the answer came, or was no longer waited for.</param>
/// <param name="UserId">Who asked.</param>
/// <param name="Instance">Which instance was asked.</param>
/// <param name="Kind">What came.</param>
/// <param name="Ordinal">The ordinal that was told; 0: none.</param>
/// <param name="Code">The code of a refusal, or what broke.</param>
internal sealed record Answer(TimeSpan Sent, TimeSpan Received, long UserId, string Instance, AnswerKind Kind, long Ordinal, string Code)
{
    /// <summary>Whether the user was told that an ordinal is theirs.</summary>
    public bool Tells => Ordinal > 0;

    /// <summary>Whether the service decided or knew, instead of asking to come again.</summary>
    public bool IsService => Kind is AnswerKind.Accepted or AnswerKind.AlreadyIssued || Code is "sold-out" or "closed";
}

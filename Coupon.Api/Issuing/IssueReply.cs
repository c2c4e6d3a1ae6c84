namespace Coupon.Api.Issuing;

/// <summary>What <c>issue.lua</c> returned.</summary>
/// <param name="Outcome">What was decided.</param>
/// <param name="Ordinal">The place in the queue, new or original; 0 where there is none.</param>
/// <param name="TimeMs">When it was issued, or when it opens; else 0. Unix time in ms.</param>
/// <param name="Waiting">
/// Of an original issuance that still waits in the outbox: its time and the hash of its key, as they stand there. Null: it does not.
/// </param>
public readonly record struct IssueReply(IssueOutcome Outcome, long Ordinal = 0, long TimeMs = 0, string? Waiting = null);

namespace Coupon.Contracts;

/// <summary>
/// The headers that a dead letter carries beside the original ones: where it came from and why it could not be written.
/// All values are UTF-8 text; numbers are decimal, times are ISO 8601 in UTC.
/// </summary>
public static class DeadLetterHeaders
{
    /// <summary>The topic that the message was read from.</summary>
    public const string OriginalTopic = "dead-letter-original-topic";

    /// <summary>The partition that the message was read from.</summary>
    public const string OriginalPartition = "dead-letter-original-partition";

    /// <summary>The offset of the message in that partition.</summary>
    public const string OriginalOffset = "dead-letter-original-offset";

    /// <summary>The timestamp of the original record.</summary>
    public const string OriginalTimestamp = "dead-letter-original-timestamp";

    /// <summary>The consumer group that gave up on it.</summary>
    public const string ConsumerGroup = "dead-letter-consumer-group";

    /// <summary>A stable, short name of the cause, to group by: <c>undecodable</c>, <c>over-issued</c>, <c>ordinal-taken</c>, …</summary>
    public const string Cause = "dead-letter-cause";

    /// <summary>The full type name of the exception.</summary>
    public const string ExceptionType = "dead-letter-exception-type";

    /// <summary>The message of the exception, shortened, without a stack trace.</summary>
    public const string ExceptionMessage = "dead-letter-exception-message";

    /// <summary>Where it failed: the first frame of the stack, <c>Type.Method</c>, without arguments.</summary>
    public const string FailedIn = "dead-letter-failed-in";

    /// <summary>How often writing was tried.</summary>
    public const string Attempts = "dead-letter-attempts";

    /// <summary>When it failed first.</summary>
    public const string FirstFailedAt = "dead-letter-first-failed-at";

    /// <summary>When it failed last.</summary>
    public const string LastFailedAt = "dead-letter-last-failed-at";

    /// <summary>The W3C trace id under which it failed.</summary>
    public const string TraceId = "dead-letter-trace-id";

    /// <summary>How often this message has been replayed: 0 for the first time it fails.</summary>
    public const string ReplayCount = "dead-letter-replay-count";

    /// <summary>On a replayed message: the id of the ledger entry that it was replayed from.</summary>
    public const string LedgerId = "dead-letter-ledger-id";

    /// <summary>
    /// On a replayed message: where the message of that entry came from, as <c>topic/partition@offset</c>. An id alone says little: anybody can
    /// write one, and a database that goes back in time gives it to another entry.
    /// </summary>
    public const string LedgerOrigin = "dead-letter-ledger-origin";
}

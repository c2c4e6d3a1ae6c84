namespace Coupon.Database;

/// <summary>
/// One message that could not be written, keyed by where it came from: the same (topic, partition, offset) is one entry, however often it is
/// delivered.
/// Where another message is recorded from there already, since the topic was created again, the key is its place in the dead-letter topic.
/// A replay that fails again is not a new entry: it re-opens this one.
/// </summary>
public sealed class DeadLetterRow
{
    /// <summary>The longest name that a topic can have in Kafka, in characters.</summary>
    public const int MaxTopicLength = 249;

    /// <summary>Assigned by the database, positive. A replayed message carries it.</summary>
    public long Id { get; init; }

    /// <summary>The topic that the message was read from first.</summary>
    public required string Topic { get; init; }

    /// <summary>The partition of that topic.</summary>
    public int Partition { get; init; }

    /// <summary>The offset in that partition.</summary>
    public long Offset { get; init; }

    /// <summary>The consumer group that gave up on it.</summary>
    public required string ConsumerGroup { get; init; }

    /// <summary>Where it stands.</summary>
    public DeadLetterState State { get; set; }

    /// <summary>The stable name of the cause, to group by.</summary>
    public required string Cause { get; set; }

    /// <summary>The coupon; null: the message could not be decoded.</summary>
    public long? CouponId { get; init; }

    /// <summary>The ordinal; null: the message could not be decoded.</summary>
    public long? Ordinal { get; init; }

    /// <summary>The user; null: the message could not be decoded.</summary>
    public long? UserId { get; init; }

    /// <summary>The original key, byte for byte; null: it had none.</summary>
    public byte[]? Key { get; init; }

    /// <summary>The original value, byte for byte; null: a tombstone.</summary>
    public byte[]? Value { get; init; }

    /// <summary>The original headers as a JSON array of <c>{"name", "text"}</c>, or <c>{"name", "base64"}</c> where the value is not UTF-8.</summary>
    public required string Headers { get; init; }

    /// <summary>The timestamp of the original record (UTC).</summary>
    public DateTime? MessageTimestamp { get; init; }

    /// <summary>The full type name of the exception, of the last failure.</summary>
    public string? ExceptionType { get; set; }

    /// <summary>The message of that exception, shortened.</summary>
    public string? ExceptionMessage { get; set; }

    /// <summary>How often writing was tried, over all replays.</summary>
    public int Attempts { get; set; }

    /// <summary>When it failed first (UTC).</summary>
    public DateTime FirstFailedAt { get; init; }

    /// <summary>When it failed last (UTC).</summary>
    public DateTime LastFailedAt { get; set; }

    /// <summary>The W3C trace id of the last failure.</summary>
    public string? TraceId { get; set; }

    /// <summary>How often it was sent back to the main topic.</summary>
    public int ReplayCount { get; set; }

    /// <summary>When it was last sent back (UTC).</summary>
    public DateTime? ReplayedAt { get; set; }

    /// <summary>The coupon that its last edited replay names; null: it was never replayed with edits.</summary>
    public long? ReplayedCouponId { get; set; }

    /// <summary>The ordinal that its last edited replay names.</summary>
    public long? ReplayedOrdinal { get; set; }

    /// <summary>The user that its last edited replay names.</summary>
    public long? ReplayedUserId { get; set; }

    /// <summary>Who is replaying it at this moment; null: nobody. Keeps two operators from sending it twice.</summary>
    public string? LeasedBy { get; set; }

    /// <summary>Until when the lease holds (UTC). Past it, anybody may take it: the one who held it died.</summary>
    public DateTime? LeasedUntil { get; set; }

    /// <summary>
    /// Discarded only: its ordinal is nobody's from then on, and is counted as voided. False where the ordinal was not this message's to give up:
    /// its row is there, another user holds it, or it was never given out.
    /// </summary>
    public bool OrdinalVoided { get; set; }

    /// <summary>Discarded only: the operator asked for its seat to go back to the stock.</summary>
    public bool SeatReturnRequested { get; set; }

    /// <summary>When the stock took the seat back (UTC); null: it has not. Requested but null is unfinished work that anybody may finish.</summary>
    public DateTime? SeatReturnedAt { get; set; }

    /// <summary>When it entered the ledger (UTC).</summary>
    public DateTime RecordedAt { get; init; }

    /// <summary>When this row last changed (UTC).</summary>
    public DateTime UpdatedAt { get; set; }
}

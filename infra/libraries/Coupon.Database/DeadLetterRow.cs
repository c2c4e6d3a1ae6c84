namespace Coupon.Database;

/// <summary>
/// One message that could not be written, keyed by where it came from: the same (topic, partition, offset) is one entry, however often it is
/// delivered. Where another message is recorded from there already, since the topic was created again, the key is its place in the dead-letter topic.
/// A replay that fails again is not a new entry: it re-opens this one.
/// </summary>
public sealed class DeadLetterRow
{
    /// <summary>The most characters of <see cref="Topic"/>: the longest name of a topic in Kafka (<c>Topic.MAX_NAME_LENGTH</c>).</summary>
    public const int MaxTopicLength = 249;

    /// <summary>The most characters of <see cref="ConsumerGroup"/>.</summary>
    public const int MaxConsumerGroupLength = 249;

    /// <summary>The most characters of <see cref="Cause"/>.</summary>
    public const int MaxCauseLength = 64;

    /// <summary>The most characters of <see cref="ExceptionType"/>.</summary>
    public const int MaxExceptionTypeLength = 300;

    /// <summary>The most characters of <see cref="ExceptionMessage"/>.</summary>
    public const int MaxExceptionMessageLength = 2000;

    /// <summary>The most characters of <see cref="TraceId"/>: 16 bytes in hexadecimal (W3C Trace Context).</summary>
    public const int MaxTraceIdLength = 32;

    /// <summary>The most characters of <see cref="FailedIn"/>.</summary>
    public const int MaxFailedInLength = 200;

    private DeadLetterState _state;

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

    /// <summary>Where it stands. Changed by the steps of <see cref="DeadLetterTransition"/> alone.</summary>
    public DeadLetterState State
    {
        get => _state;
        init => _state = value;
    }

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

    /// <summary>Where it failed last: the first frame of the stack, <c>Type.Method</c>; null: not known.</summary>
    public string? FailedIn { get; set; }

    /// <summary>How often writing was tried, over all replays.</summary>
    public int Attempts { get; set; }

    /// <summary>When it failed first (UTC).</summary>
    public DateTime FirstFailedAt { get; init; }

    /// <summary>When it failed last (UTC).</summary>
    public DateTime LastFailedAt { get; set; }

    /// <summary>The W3C trace id of the last failure.</summary>
    public string? TraceId { get; set; }

    /// <summary>How often it was sent back to the main topic.</summary>
    public int ReplayCount { get; private set; }

    /// <summary>When it was last sent back (UTC).</summary>
    public DateTime? ReplayedAt { get; private set; }

    /// <summary>The coupon that its last edited replay names; null: it was never replayed with edits.</summary>
    public long? ReplayedCouponId { get; private set; }

    /// <summary>The ordinal that its last edited replay names.</summary>
    public long? ReplayedOrdinal { get; private set; }

    /// <summary>The user that its last edited replay names.</summary>
    public long? ReplayedUserId { get; private set; }

    /// <summary>The replay that is sending it at this moment; null: none. It keeps two operators from sending it twice.</summary>
    public string? LeasedBy { get; private set; }

    /// <summary>The end of that lease (UTC). After it another replay may take the lease: its holder has died.</summary>
    public DateTime? LeasedUntil { get; private set; }

    /// <summary>
    /// Discarded only: its ordinal is voided from then on. False where the ordinal does not belong to this message: its row is there, another user
    /// holds it, or it was never given out.
    /// </summary>
    public bool OrdinalVoided { get; set; }

    /// <summary>Discarded only: the operator asked for its seat to go back to the stock.</summary>
    public bool SeatReturnRequested { get; set; }

    /// <summary>
    /// When the stock took the seat back (UTC); null: it has not. Requested but null is unfinished work, which any process may finish.
    /// </summary>
    public DateTime? SeatReturnedAt { get; set; }

    /// <summary>When it entered the ledger (UTC).</summary>
    public DateTime RecordedAt { get; init; }

    /// <summary>When this row last changed (UTC).</summary>
    public DateTime UpdatedAt { get; set; }

    /// <summary>Marks the replay that was sent under a lease.</summary>
    /// <param name="lease">The lease under which the message was sent.</param>
    /// <param name="replays">How often the message had been replayed before.</param>
    /// <param name="now">The time on the database (UTC).</param>
    /// <returns>False, with nothing changed: the lease is over, since the outcome is known already or another operator took the entry.</returns>
    public bool TryMarkReplayed(string lease, int replays, DateTime now)
    {
        if (!DeadLetterTransition.Replay.IsAllowedFrom(State) || LeasedBy != lease || ReplayCount != replays)
            return false;
        Take(DeadLetterTransition.Replay, now);
        ReplayCount++;
        ReplayedAt = now;
        return true;
    }

    /// <summary>Opens the entry again because a replay of it could not be written.</summary>
    /// <param name="replays">How often the message that failed had been replayed, as its headers say.</param>
    /// <param name="now">The time on the database (UTC).</param>
    /// <returns>False, with nothing changed: the entry is closed, or the outcome of that replay is known already.</returns>
    public bool TryReopen(int replays, DateTime now)
    {
        // Headers may claim any number of replays; the entry counts one that it does not know of yet, and no more.
        var counted = Math.Min(replays, ReplayCount + 1);
        var isNews = State == DeadLetterState.Replayed ? ReplayCount <= counted : ReplayCount < counted;
        if (!DeadLetterTransition.Reopen.IsAllowedFrom(State) || !isNews)
            return false;
        Take(DeadLetterTransition.Reopen, now);
        ReplayCount = counted;
        return true;
    }

    /// <summary>Whether the entry may be discarded: it is open, and no replay of it is being sent.</summary>
    /// <param name="now">The time on the database (UTC).</param>
    public bool MayBeDiscarded(DateTime now) => DeadLetterTransition.Discard.IsAllowedFrom(State) && !(LeasedUntil > now);

    /// <summary>Gives the message up.</summary>
    /// <param name="now">The time on the database (UTC).</param>
    /// <exception cref="InvalidOperationException"><see cref="MayBeDiscarded"/> is false.</exception>
    public void Discard(DateTime now)
    {
        if (!MayBeDiscarded(now))
            throw new InvalidOperationException($"Dead letter {Id} is {State} and cannot be discarded.");
        Take(DeadLetterTransition.Discard, now);
    }

    /// <summary>Records that the stock took the seat back.</summary>
    /// <param name="now">The time on the database (UTC).</param>
    /// <returns>False, with nothing changed: nobody asked for it, or it is recorded already.</returns>
    public bool TryRecordSeatReturn(DateTime now)
    {
        if (!DeadLetterTransition.ReturnSeat.IsAllowedFrom(State) || !SeatReturnRequested || SeatReturnedAt is not null)
            return false;
        (SeatReturnedAt, UpdatedAt) = (now, now);
        return true;
    }

    // A lease is for the state that it was taken in.
    private void Take(DeadLetterTransition transition, DateTime now) => (_state, LeasedBy, LeasedUntil, UpdatedAt) = (transition.To, null, null, now);
}

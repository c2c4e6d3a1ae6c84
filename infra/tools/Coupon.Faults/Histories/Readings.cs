namespace Coupon.Faults.Histories;

/// <summary>A fault as it really was.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Target">To what.</param>
/// <param name="Begin">When it had begun at the latest.</param>
/// <param name="End">When it was over at the earliest.</param>
internal sealed record FaultSpan(Schedules.FaultKind Kind, Schedules.FaultTarget Target, TimeSpan Begin, TimeSpan End)
{
    /// <summary>When its end began: of two brokers that are started again, the first one may answer long before the fault is over.</summary>
    public TimeSpan EndBegan { get; init; } = End;
}

/// <summary>Something to show in the timeline.</summary>
internal sealed record Note(TimeSpan At, string Text);

/// <summary>What a process said of its health.</summary>
/// <param name="At">When it was asked.</param>
/// <param name="Process">Who.</param>
/// <param name="Status">The HTTP status; 0: no answer.</param>
/// <param name="Text">Healthy, Degraded or Unhealthy; empty: no answer.</param>
/// <param name="Details">The whole answer.</param>
internal sealed record HealthReading(TimeSpan At, string Process, int Status, string Text, string Details);

/// <summary>A balance, with what was known before and after it was asked for.</summary>
/// <param name="At">When it was asked for.</param>
/// <param name="Instance">Whom.</param>
/// <param name="AddsUp">What it says of itself.</param>
/// <param name="Total">Its total.</param>
/// <param name="Remaining">Its seats that are left.</param>
/// <param name="Sum">The sum of all its places.</param>
/// <param name="Persisted">Its rows.</param>
/// <param name="OnTheWay">In the outbox or in Kafka.</param>
/// <param name="RowsBefore">The rows that MySQL had before; null: MySQL did not answer.</param>
/// <param name="RowsAfter">The rows that MySQL had afterwards; null: MySQL did not answer.</param>
/// <param name="ToldBefore">How many ordinals users had been told before.</param>
internal sealed record BalanceReading(
    TimeSpan At,
    string Instance,
    bool AddsUp,
    long Total,
    long Remaining,
    long Sum,
    long Persisted,
    long OnTheWay,
    long? RowsBefore,
    long? RowsAfter,
    long ToldBefore
);

/// <summary>How a process ended that was asked to.</summary>
/// <param name="At">When it was asked.</param>
/// <param name="Process">Who.</param>
/// <param name="Took">How long it took.</param>
/// <param name="ExitCode">Its exit code; null: it had to be killed.</param>
internal sealed record StopReading(TimeSpan At, string Process, TimeSpan Took, int? ExitCode);

/// <summary>A record that somebody else put into the topic, which must become a dead letter.</summary>
internal sealed record StrangeRecord(TimeSpan At, int Partition, long Offset, string Cause);

/// <summary>A row of an issuance, as MySQL has it at the end.</summary>
internal sealed record SeatRow(long Ordinal, long UserId);

/// <summary>A dead letter, as the ledger has it at the end.</summary>
internal sealed record LetterRow(int Partition, long Offset, string State, string Cause, long? CouponId, long? Ordinal, long? UserId);

/// <summary>A coupon whose deletion was acknowledged.</summary>
/// <param name="CouponId">The coupon.</param>
/// <param name="At">When the answer had come.</param>
internal sealed record Deletion(long CouponId, TimeSpan At);

/// <summary>A press for a coupon that had been deleted, and was told a seat.</summary>
/// <param name="CouponId">The coupon.</param>
/// <param name="Sent">When it was sent, after the deletion.</param>
/// <param name="Instance">Which instance was asked.</param>
/// <param name="UserId">Who asked.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">What was said.</param>
internal sealed record PressOfDeleted(long CouponId, TimeSpan Sent, string Instance, long UserId, int Status, string Text);

namespace Coupon.Database;

/// <summary>
/// A step in the life of a dead letter: the states that allow it, and the state that it leads to. These steps are the only ones:
/// <see cref="DeadLetterRow"/> takes them for one entry, the statement of the batch write takes <see cref="Resolve"/> for many.
/// <code>
/// Open ── Replay ─▶ Replayed ── Resolve ─▶ Resolved
///  │ ◀── Reopen ───┘
///  └── Discard ─▶ Discarded ── ReturnSeat ─▶ Discarded
/// </code>
/// </summary>
public sealed class DeadLetterTransition
{
    private DeadLetterTransition(IReadOnlyList<DeadLetterState> from, DeadLetterState to) => (From, To) = (from, to);

    /// <summary>The message is sent back to the main topic; again where the outcome of an earlier replay is not known.</summary>
    public static DeadLetterTransition Replay { get; } = new([DeadLetterState.Open, DeadLetterState.Replayed], DeadLetterState.Replayed);

    /// <summary>A replay could not be written. The news may be here before the entry is marked as replayed, so an open entry allows it too.</summary>
    public static DeadLetterTransition Reopen { get; } = new([DeadLetterState.Open, DeadLetterState.Replayed], DeadLetterState.Open);

    /// <summary>A replay was written, or its row was there already; also before the entry is marked as replayed.</summary>
    public static DeadLetterTransition Resolve { get; } = new([DeadLetterState.Open, DeadLetterState.Replayed], DeadLetterState.Resolved);

    /// <summary>An operator gives the message up. Refused for a replayed entry: its row may be written at any moment.</summary>
    public static DeadLetterTransition Discard { get; } = new([DeadLetterState.Open], DeadLetterState.Discarded);

    /// <summary>The stock takes the seat of a discarded message back.</summary>
    public static DeadLetterTransition ReturnSeat { get; } = new([DeadLetterState.Discarded], DeadLetterState.Discarded);

    /// <summary>The states that allow it.</summary>
    public IReadOnlyList<DeadLetterState> From { get; }

    /// <summary>The state that it leads to.</summary>
    public DeadLetterState To { get; }

    /// <summary><see cref="From"/> as a condition of SQL on the table <c>dead_letters</c>.</summary>
    public string Condition => $"state IN ({string.Join(", ", From.Select(state => $"'{state}'"))})";

    /// <summary><see cref="To"/> as an assignment of SQL on the table <c>dead_letters</c>.</summary>
    public string Assignment => $"state = '{To}'";

    /// <summary>Whether an entry in this state may take it.</summary>
    public bool IsAllowedFrom(DeadLetterState state) => From.Contains(state);
}

using Coupon.Consumers.DeadLetters;
using Coupon.Database;

namespace Coupon.Consumers.Operators;

/// <summary>A replay or discard of many dead letters, which runs in the background.</summary>
/// <param name="Operation">Its id; the audits name it too.</param>
/// <param name="Kind">What it does.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Actor">The operator who asked for it.</param>
/// <param name="Total">How many entries matched when it began; what is recorded or opened again since is left alone.</param>
/// <param name="Handled">How many have had their turn.</param>
/// <param name="Done">How many were replayed or discarded; counted when it ends.</param>
/// <param name="Skipped">How many somebody else was changing; counted when it ends.</param>
/// <param name="Failed">How many were refused or failed; counted when it ends.</param>
/// <param name="Failures">The first 100 of these.</param>
/// <param name="Reason">A discard: the reason.</param>
/// <param name="ReturnSeat">A discard: whether the seats go back to the stock.</param>
/// <param name="Rate">A replay: messages a second at most; null: no limit.</param>
/// <param name="Fault">Why it failed as a whole; null: it did not.</param>
/// <param name="StoppedBy">The operator who asked it to stop; null: nobody.</param>
/// <param name="BegunAt">When it was asked for.</param>
/// <param name="EndedAt">When it ended; null: it has not.</param>
internal sealed record BackgroundOperationView(
    string Operation,
    DeadLetterOperationKind Kind,
    DeadLetterOperationState State,
    string Actor,
    int Total,
    int Handled,
    int Done,
    int Skipped,
    int Failed,
    IReadOnlyList<OperationFailure> Failures,
    string? Reason,
    bool ReturnSeat,
    double? Rate,
    string? Fault,
    string? StoppedBy,
    DateTime BegunAt,
    DateTime? EndedAt
)
{
    public static BackgroundOperationView Of(DeadLetterOperationRow row) =>
        new(
            row.Operation,
            row.Kind,
            row.State,
            row.Actor,
            row.Total,
            row.Handled,
            row.Done,
            row.Skipped,
            row.Failed,
            DeadLetterOperations.FailuresOf(row),
            row.Reason,
            row.ReturnSeat,
            row.Rate,
            row.Fault,
            row.StoppedBy,
            row.BegunAt,
            row.EndedAt
        );
}

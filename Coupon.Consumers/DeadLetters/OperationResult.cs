namespace Coupon.Consumers.DeadLetters;

/// <summary>What came of an operation on several dead letters.</summary>
/// <param name="Matched">How many matched.</param>
/// <param name="Done">With how many it was done.</param>
/// <param name="Skipped">How many somebody else was dealing with, or had dealt with before it was their turn.</param>
/// <param name="Failures">The rest, with the reason; nothing has changed for them.</param>
/// <param name="SeatsPending">
/// Of those done: whose seat is not back in the stock yet. Redis failed; the consumer finishes it, and tries every 30 seconds.
/// </param>
/// <param name="UpToId">Dry runs only: the last that matched. As <c>upToId</c> of a filter it keeps out what comes later.</param>
/// <param name="Ids">Dry runs only: those that matched. As <c>ids</c> of a filter they keep out also what is put back to open later.</param>
internal sealed record OperationResult(
    int Matched,
    int Done,
    int Skipped,
    IReadOnlyList<OperationFailure> Failures,
    int SeatsPending = 0,
    long? UpToId = null,
    IReadOnlyList<long>? Ids = null
)
{
    public static OperationResult DryRun(DeadLetterSelection selection) =>
        new(selection.Meant, 0, 0, [], UpToId: selection.UpToId, Ids: selection.Ids);
}

/// <summary>Why one entry was left as it is.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Reason">In words.</param>
public sealed record OperationFailure(long Id, string Reason);

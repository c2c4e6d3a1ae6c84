using System.Text.Json.Serialization;

namespace Coupon.Consumers.DeadLetters;

/// <summary>The result of an operation on several dead letters.</summary>
/// <param name="Matched">How many entries matched the filter.</param>
/// <param name="Done">How many of them were replayed or discarded.</param>
/// <param name="Skipped">How many another operator or the consumer was changing, or had changed before it was their turn.</param>
/// <param name="Failures">The rest, with reasons; nothing has changed for them.</param>
/// <param name="SeatsToReturn">
/// How many of the discarded entries have a seat that is not back in the stock yet, because Redis failed; the consumer tries again every 30 seconds.
/// </param>
/// <param name="UpToId">Dry runs only: the last id that matched. As <c>upToId</c> of a filter it leaves out entries recorded later.</param>
/// <param name="Ids">Dry runs only: the ids that matched. As <c>ids</c> of a filter they also leave out entries that are opened again later.</param>
internal sealed record OperationResult(
    int Matched,
    int Done,
    int Skipped,
    IReadOnlyList<OperationFailure> Failures,
    int SeatsToReturn = 0,
    long? UpToId = null,
    IReadOnlyList<long>? Ids = null
)
{
    /// <summary>The same in a few words, for the audit.</summary>
    [JsonIgnore]
    public string Words => Ids is null ? $"done {Done}, skipped {Skipped}, failed {Failures.Count}" : "dry run";

    public static OperationResult DryRun(DeadLetterSelection selection) =>
        new(selection.Selected, 0, 0, [], UpToId: selection.UpToId, Ids: selection.Ids);
}

/// <summary>An entry that was left as it is.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record OperationFailure(long Id, string Reason);

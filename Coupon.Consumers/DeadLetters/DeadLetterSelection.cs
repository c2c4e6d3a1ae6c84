namespace Coupon.Consumers.DeadLetters;

/// <summary>The entries that an operator is asked to confirm.</summary>
/// <param name="Count">How many match.</param>
/// <param name="Ids">
/// The ids of the first of them, oldest first. A range of ids would not do: an entry that is opened again meanwhile has an old id.
/// </param>
internal sealed record DeadLetterSelection(int Count, IReadOnlyList<long> Ids)
{
    /// <summary>How many are selected: those of <see cref="Ids"/>.</summary>
    public int Selected => Ids.Count;

    /// <summary>The last of them; 0: none. Entries recorded later have a larger id.</summary>
    public long UpToId => Ids.Count == 0 ? 0 : Ids[^1];
}

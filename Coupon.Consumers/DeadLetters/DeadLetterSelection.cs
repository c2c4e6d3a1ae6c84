namespace Coupon.Consumers.DeadLetters;

/// <summary>What an operator is asked about before it is done.</summary>
/// <param name="Count">How many match.</param>
/// <param name="Ids">
/// Those that would be done, oldest first. Their ids and not their range: what is put back to open meanwhile has an old one.
/// </param>
internal sealed record DeadLetterSelection(int Count, IReadOnlyList<long> Ids)
{
    /// <summary>How many would be done.</summary>
    public int Meant => Ids.Count;

    /// <summary>The last of them; 0: none. What is recorded later has a larger id.</summary>
    public long UpToId => Ids.Count == 0 ? 0 : Ids[^1];
}

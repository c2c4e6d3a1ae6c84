namespace Coupon.Consumers.DeadLetters;

/// <summary>What an operator is asked about before it is done.</summary>
/// <param name="Count">How many match.</param>
/// <param name="Limit">How many would be done at most.</param>
/// <param name="UpToId">The last of those that would be done; 0: none. What is recorded later has a larger id.</param>
internal sealed record DeadLetterSelection(int Count, int Limit, long UpToId)
{
    /// <summary>How many would be done.</summary>
    public int Meant => Math.Min(Count, Limit);

    /// <summary>The filter that matches what was counted, and nothing that has come since.</summary>
    public DeadLetterFilter Restrict(DeadLetterFilter filter) => filter with { UpToId = UpToId };
}

namespace Coupon.Consumers.Issuing;

/// <summary>What became of a batch. What is in none of these lists is in the database.</summary>
/// <param name="Inserted">Rows that are new.</param>
/// <param name="Repeated">Rows that were there already.</param>
/// <param name="Failures">Messages to be given up.</param>
/// <param name="NotTried">Left alone, because there were more failures than the valve admits.</param>
internal sealed record BatchResult(int Inserted, int Repeated, IReadOnlyList<Failure> Failures, IReadOnlyList<Issuance> NotTried)
{
    /// <summary>All that is not in the database.</summary>
    public Issuance[] Unwritten => [.. Failures.Select(failure => failure.Issuance), .. NotTried];
}

using Coupon.Sale.Books;
using Coupon.Sale.Load;

namespace Coupon.Sale;

/// <summary>What came of a sale.</summary>
/// <param name="Options">How large it was.</param>
/// <param name="Tally">What the clients were told.</param>
/// <param name="Duration">From the first request to the last answer.</param>
/// <param name="Drain">From the decision on the last coupon to its row; null where there are no rows.</param>
/// <param name="Commits">Transactions that MySQL committed meanwhile.</param>
/// <param name="Audit">The books.</param>
internal sealed record SaleResult(SaleOptions Options, Tally Tally, TimeSpan Duration, TimeSpan? Drain, long Commits, Audit Audit)
{
    public double RequestsPerSecond => Tally.Answered / Duration.TotalSeconds;

    public bool IsGood => Audit.Findings.Count == 0;
}

using Coupon.Sale.Books;
using Coupon.Sale.Load;

namespace Coupon.Sale;

/// <summary>The outcome of a sale.</summary>
/// <param name="Options">Its size.</param>
/// <param name="Tally">What the clients were told.</param>
/// <param name="Duration">From the first request to the last answer.</param>
/// <param name="Drain">From the decision on the last coupon to its row; null if there are no rows.</param>
/// <param name="Commits">Transactions that MySQL committed during the sale.</param>
/// <param name="Audit">The books.</param>
internal sealed record SaleResult(SaleOptions Options, Tally Tally, TimeSpan Duration, TimeSpan? Drain, long Commits, Audit Audit)
{
    public double RequestsPerSecond => Tally.Answered / Duration.TotalSeconds;

    /// <summary>Everything that is wrong with the books or with the answers, in words. Empty: the sale is good.</summary>
    public IReadOnlyList<string> Findings => [.. Audit.Findings, .. Unexplained(), .. LeftOut(), .. SetAside()];

    public bool IsGood => Findings.Count == 0;

    // The books also balance if the service refuses everybody.
    private IEnumerable<string> Unexplained() =>
        Tally
            .Refused.Where(refused => refused.Key is not ("already-issued" or "sold-out"))
            .Select(refused => $"{refused.Value} requests were refused for another reason than the rules of a sale: {refused.Key}");

    private IEnumerable<string> LeftOut() =>
        Tally.Accepted < Math.Min(Options.Stock, Options.Users)
            ? [$"left out: {Tally.Accepted} were accepted, of {Options.Users} users for {Options.Stock} coupons"]
            : [];

    // The books also balance if every message is a dead letter. No server is disturbed in this sale, so there must be none.
    private IEnumerable<string> SetAside() =>
        Audit.Balance.OpenDeadLetters + Audit.Balance.Voided > 0
            ? [$"not written: {Audit.Balance.OpenDeadLetters} dead letters, {Audit.Balance.Voided} voided"]
            : [];
}

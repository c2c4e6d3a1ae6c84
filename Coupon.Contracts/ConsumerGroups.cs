namespace Coupon.Contracts;

/// <summary>The consumer groups. Whoever measures lag or reads the unread tail needs the same name as the one who commits.</summary>
public static class ConsumerGroups
{
    /// <summary>Writes issuances to MySQL.</summary>
    public const string Persistence = "coupon-persistence";

    /// <summary>Fills the dead-letter ledger in MySQL.</summary>
    public const string DeadLetterLedger = "coupon-dead-letter-ledger";
}

namespace Coupon.Stock.MySql;

/// <summary>The reason why neither an answer of MySQL nor a missing row may be acted on.</summary>
/// <param name="Reason">The reason: what was seen.</param>
/// <param name="WasReplaced">
/// Another server was accepted in place of this one, which may not know it. Only this process is concerned, until every client of this server must
/// have noticed.
/// </param>
public sealed record DatabaseDoubt(string Reason, bool WasReplaced = false);

namespace Coupon.Stock.MySql;

/// <summary>Why what MySQL says, and above all what it does not say, must not be acted on.</summary>
/// <param name="Reason">What was seen.</param>
/// <param name="WasReplaced">
/// Another server was accepted in place of this one, which may not know it: it concerns this process alone, until whoever is connected to it must
/// have noticed.
/// </param>
public sealed record DatabaseDoubt(string Reason, bool WasReplaced = false);

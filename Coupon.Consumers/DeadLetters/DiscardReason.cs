namespace Coupon.Consumers.DeadLetters;

/// <summary>Checks the reason of a discard, which the audit keeps.</summary>
internal static class DiscardReason
{
    private const int MaxLength = 1000;

    /// <summary>The rule that the reason violates; null: none.</summary>
    public static string? Violation(string? reason) =>
        string.IsNullOrWhiteSpace(reason) || reason.Length > MaxLength ? $"reason must have 1 to {MaxLength:N0} characters." : null;

    /// <exception cref="FormatException">The reason is empty or too long.</exception>
    public static string Checked(string? reason) => Violation(reason) is { } violation ? throw new FormatException(violation) : reason!;
}

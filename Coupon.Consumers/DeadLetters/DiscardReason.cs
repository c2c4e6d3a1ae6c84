namespace Coupon.Consumers.DeadLetters;

/// <summary>Checks the reason of a discard, which the audit keeps.</summary>
internal static class DiscardReason
{
    private const int MaxLength = 1000;

    /// <summary>The fault as the end of a sentence that begins with the reason; null: the reason is valid.</summary>
    public static string? FindFault(string? reason) =>
        string.IsNullOrWhiteSpace(reason) || reason.Length > MaxLength ? $"must have 1 to {MaxLength:N0} characters" : null;

    /// <exception cref="FormatException">The reason is empty or too long.</exception>
    public static string Checked(string? reason) => FindFault(reason) is { } fault ? throw new FormatException($"reason {fault}.") : reason!;
}

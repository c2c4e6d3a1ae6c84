namespace Coupon.Consumers.DeadLetters;

/// <summary>Why dead letters are discarded: kept in the audit, so it has to say something and to fit.</summary>
internal static class DiscardReason
{
    private const int MaxLength = 1000;

    /// <summary>What is expected of it, where it is not so; null: it is a good one.</summary>
    public static string? FindFault(string? reason) =>
        string.IsNullOrWhiteSpace(reason) || reason.Length > MaxLength ? $"reason must have 1 to {MaxLength:N0} characters." : null;

    /// <exception cref="FormatException">It is empty or too long.</exception>
    public static string Checked(string? reason) => FindFault(reason) is { } fault ? throw new FormatException(fault) : reason!;
}

using Coupon.Hosting.Http;

namespace Coupon.Consumers.Consumption;

/// <summary>The reason of a pause, which health and the console show.</summary>
internal static class PauseReason
{
    private const int MaxLength = 500;

    /// <summary>Returns the reason if it is valid.</summary>
    /// <exception cref="FormatException">The reason is empty, too long, or not one line of text.</exception>
    public static string Checked(string? reason) => FindFault(reason) is { } fault ? throw new FormatException($"reason {fault}.") : reason!;

    /// <summary>The fault as the end of a sentence that begins with the reason; null: the reason is valid.</summary>
    public static string? FindFault(string? reason) =>
        string.IsNullOrWhiteSpace(reason) || reason.Length > MaxLength ? $"must have 1 to {MaxLength} characters" : PlainText.FindFault(reason);
}

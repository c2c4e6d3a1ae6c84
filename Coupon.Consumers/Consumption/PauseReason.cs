using Coupon.Hosting.Http;

namespace Coupon.Consumers.Consumption;

/// <summary>The reason of a pause, which health and the console show.</summary>
internal static class PauseReason
{
    private const int MaxLength = 500;

    /// <summary>Returns the reason if it is valid.</summary>
    /// <exception cref="FormatException">The reason is empty, too long, or not one line of text.</exception>
    public static string Checked(string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > MaxLength)
            throw new FormatException($"reason must have 1 to {MaxLength} characters.");
        return PlainText.FindFault(reason) is { } fault ? throw new FormatException($"reason {fault}.") : reason;
    }
}

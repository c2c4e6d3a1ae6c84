using Coupon.Database;
using Coupon.Hosting.Http;

namespace Coupon.Hosting.Operators;

/// <summary>
/// The rules for the name of an operator. The audit keeps the name and shows it, so it must not pass for another.
/// </summary>
public static class OperatorName
{
    /// <returns>The fault as a sentence; null: the name is valid.</returns>
    public static string? FaultOf(string? name) => FindFault(name) is { } fault ? $"The name of an operator {fault}." : null;

    /// <returns>The fault as the end of a sentence that begins with the name; null: the name is valid.</returns>
    public static string? FindFault(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "is missing";
        if (name.Length > DeadLetterAuditRow.MaxActorLength)
            return $"must have at most {DeadLetterAuditRow.MaxActorLength} characters, since the audit keeps it";
        if (IsReserved(name, DeadLetterAuditRow.SystemActor))
            return $"must not be {DeadLetterAuditRow.SystemActor}: that is what the audit calls this program";
        if (IsReserved(name, OperatorActionRow.UnknownActor))
            return $"must not be {OperatorActionRow.UnknownActor}: that is what the audit calls who has not shown who it is";
        return PlainText.FindFault(name);
    }

    private static bool IsReserved(string name, string reserved) => string.Equals(name.Trim(), reserved, StringComparison.OrdinalIgnoreCase);
}

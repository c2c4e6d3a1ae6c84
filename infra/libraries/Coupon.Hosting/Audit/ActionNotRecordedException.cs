namespace Coupon.Hosting.Audit;

/// <summary>MySQL could not take the row of an action, so the action was not begun.</summary>
/// <param name="cause">Why.</param>
public sealed class ActionNotRecordedException(Exception cause)
    : Exception($"Nothing was done, since the audit cannot be written: {cause?.GetBaseException().Message}", cause);

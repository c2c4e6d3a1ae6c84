using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>One entry with all that was done to it, oldest first.</summary>
public sealed record DeadLetterDetails(DeadLetterRow Letter, IReadOnlyList<DeadLetterAuditRow> Audit);

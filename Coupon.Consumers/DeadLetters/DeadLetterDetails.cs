using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>One entry with its audit, oldest first.</summary>
public sealed record DeadLetterDetails(DeadLetterRow Letter, IReadOnlyList<DeadLetterAuditRow> Audit);

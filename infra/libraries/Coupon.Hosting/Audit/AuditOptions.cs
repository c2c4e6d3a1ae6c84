using System.ComponentModel.DataAnnotations;

namespace Coupon.Hosting.Audit;

/// <summary>Section <c>Audit</c>: what operators did.</summary>
public sealed class AuditOptions
{
    /// <summary>
    /// How long the actions of operators are kept. 1 day to 10 years, default 400 days. A row takes some 300 bytes with its indexes: a thousand
    /// actions a day are 120 MB in that time.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(400);
}

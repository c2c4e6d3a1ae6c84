using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.Monitoring;

/// <summary>Section <c>DeadLetters</c>.</summary>
internal sealed class OpenDeadLettersOptions
{
    /// <summary>The time between two counts of the open dead letters. 1 s to 1 day, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CountInterval { get; set; } = TimeSpan.FromSeconds(10);
}

using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Section <c>DeadLetters</c>.</summary>
internal sealed class DeadLetterOptions
{
    /// <summary>How often the open dead letters are counted for <c>coupon_dead_letters_open</c>. 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CountInterval { get; set; } = TimeSpan.FromSeconds(10);
}

using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.Consumption;

/// <summary>When to stop instead of emptying the topic into the dead letters. Section <c>Valve</c>.</summary>
internal sealed class ValveOptions
{
    /// <summary>The share of the recent messages that may become dead letters. 0 to 1; 1 never shuts.</summary>
    [Range(0.0, 1.0)]
    public double MaxShare { get; set; } = 0.2;

    /// <summary>What counts as recent. 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Fewer recent messages count as this many, so that a single bad one on a quiet day shuts nothing. 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int MinimumMessages { get; set; } = 500;

    /// <summary>How often a shut valve tries the batch again: what was wrong may have been put right. 100 ms to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(30);
}

using System.ComponentModel.DataAnnotations;
using Coupon.Hosting.Configuration;

namespace Coupon.Consumers.Consumption;

/// <summary>Section <c>Valve</c>: when consumption stops instead of emptying the topic into the dead letters.</summary>
internal sealed class ValveOptions
{
    /// <summary>The share of the recent messages that may become dead letters, 0 to 1; at 1 the valve never shuts. Default 0.2.</summary>
    [Range(0.0, 1.0)]
    [Unit("share, 1 is all")]
    public double MaxShare { get; set; } = 0.2;

    /// <summary>How long a message counts as recent. 1 s to 1 day, default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Fewer recent messages count as this many, so that a single bad one on a quiet day shuts nothing. 1 to 1,000,000, default 500.
    /// </summary>
    [Range(1, 1_000_000)]
    [Unit("messages")]
    public int MinimumMessages { get; set; } = 500;

    /// <summary>The time between two attempts at a held batch: the cause may have been removed. 100 ms to 1 h, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(30);
}

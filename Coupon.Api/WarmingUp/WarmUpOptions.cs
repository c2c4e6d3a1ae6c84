using System.ComponentModel.DataAnnotations;

namespace Coupon.Api.WarmingUp;

/// <summary>Section <c>WarmUp</c>: the sale that an instance plays before it is ready.</summary>
public sealed class WarmUpOptions
{
    /// <summary>
    /// How many issuances a round has, from HTTP to Kafka's acknowledgement; each is asked for twice. Default 1,000; 0: no warm-up.
    /// </summary>
    [Range(0, 1_000_000)]
    public int Requests { get; set; } = 1_000;

    /// <summary>The warm-up ends with the first round in which the compiler had at most this many methods to compile. Default 10.</summary>
    [Range(0, 100_000)]
    public int MaxCompiledMethods { get; set; } = 10;

    /// <summary>How many connections press at the same time. Default 32.</summary>
    [Range(1, 1_000)]
    public int Connections { get; set; } = 32;

    /// <summary>When the warm-up ends in any case. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Bound { get; set; } = TimeSpan.FromSeconds(15);
}

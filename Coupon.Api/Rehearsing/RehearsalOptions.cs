using System.ComponentModel.DataAnnotations;

namespace Coupon.Api.Rehearsing;

/// <summary>Section <c>Rehearsal</c>: what an instance does before it says that it is ready.</summary>
public sealed class RehearsalOptions
{
    /// <summary>
    /// How many issuances a round has, from HTTP to Kafka's acknowledgement; each is asked for twice. Default 1,000; 0: no rehearsal.
    /// </summary>
    [Range(0, 1_000_000)]
    public int Requests { get; set; } = 1_000;

    /// <summary>It is over with the first round in which no more methods than this were compiled. Default 10.</summary>
    [Range(0, 100_000)]
    public int SettledMethods { get; set; } = 10;

    /// <summary>How many at a time. Default 32.</summary>
    [Range(1, 1_000)]
    public int Connections { get; set; } = 32;

    /// <summary>When the instance is ready in any case. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Bound { get; set; } = TimeSpan.FromSeconds(15);
}

using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.Rehearsing;

/// <summary>Section <c>Rehearsal</c>: what the process does before it says that it is ready.</summary>
internal sealed class RehearsalOptions
{
    /// <summary>How many batches a round has. Default 20; 0: no rehearsal.</summary>
    [Range(0, 10_000)]
    public int Batches { get; set; } = 20;

    /// <summary>How many messages a batch has. Default 100.</summary>
    [Range(1, 10_000)]
    public int Messages { get; set; } = 100;

    /// <summary>It is over with the first round in which no more methods than this were compiled. Default 10.</summary>
    [Range(0, 100_000)]
    public int SettledMethods { get; set; } = 10;

    /// <summary>When the process is ready in any case. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Bound { get; set; } = TimeSpan.FromSeconds(15);
}

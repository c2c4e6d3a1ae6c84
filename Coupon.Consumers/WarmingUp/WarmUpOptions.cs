using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.WarmingUp;

/// <summary>Section <c>WarmUp</c>: the batches that are consumed before the process is ready.</summary>
internal sealed class WarmUpOptions
{
    /// <summary>Batches in a round. 0 to 10,000, default 20; 0: no warm-up.</summary>
    [Range(0, 10_000)]
    public int Batches { get; set; } = 20;

    /// <summary>Messages in a batch. 1 to 10,000, default 100.</summary>
    [Range(1, 10_000)]
    public int Messages { get; set; } = 100;

    /// <summary>The warm-up ends with the first round that compiles no more methods than this. 0 to 100,000, default 10.</summary>
    [Range(0, 100_000)]
    public int MaxCompiledMethods { get; set; } = 10;

    /// <summary>The longest time that the warm-up may take; the process is ready then in any case. 100 ms to 5 min, default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Bound { get; set; } = TimeSpan.FromSeconds(15);
}

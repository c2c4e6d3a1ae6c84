using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.Issuing;

/// <summary>How large a transaction may become and how long it may be waited for. Section <c>Batch</c>.</summary>
internal sealed class BatchSettings
{
    /// <summary>Messages in a batch at most: one transaction each. 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MessageLimit { get; set; } = 4000;

    /// <summary>How long the first message of a batch waits for company: what light traffic pays at most. 1 ms to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Batches that are in work at the same time: while MySQL inserts one, the next is read and put into words. 1 to 16. Default 2.
    /// </summary>
    [Range(1, 16)]
    public int Concurrency { get; set; } = 2;
}

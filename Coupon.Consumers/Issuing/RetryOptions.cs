using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.Issuing;

/// <summary>How failures that are not the data's are waited out. Section <c>Retry</c>.</summary>
internal sealed class RetryOptions
{
    /// <summary>The wait after the first failure; it doubles from there, with jitter. 10 ms to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait between two attempts: how long after the database is back consumption may still stand. 100 ms to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After how long of nothing but such failures a batch is dead-lettered, so that a partition is not stuck for ever. 1 s to 7 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan MaxElapsed { get; set; } = TimeSpan.FromMinutes(10);
}

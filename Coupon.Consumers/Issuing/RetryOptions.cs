using System.ComponentModel.DataAnnotations;

namespace Coupon.Consumers.Issuing;

/// <summary>Section <c>Retry</c>: the retries of writes that failed for reasons other than their data.</summary>
internal sealed class RetryOptions
{
    /// <summary>The wait after the first failure; it doubles with each one, with jitter. 10 ms to 10 s, default 200 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait, and so the longest standstill after the database is back. 100 ms to 5 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A batch that has failed only for such reasons for this long is dead-lettered, so that a partition is not stuck for ever. 1 s to 7 days,
    /// default 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan MaxElapsed { get; set; } = TimeSpan.FromMinutes(10);
}

using System.ComponentModel.DataAnnotations;

namespace Coupon.Stock.Verification;

/// <summary>How the stock is watched and verified: section <c>Stock</c>.</summary>
public sealed class VerificationOptions
{
    /// <summary>How often an instance shows that it lives and asks whether somebody waits for it. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:10")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often an instance looks whether Redis is still the verified one; a failed call makes it look at once. Also the pause after a verification that failed. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait before looking again while somebody else verifies. Default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>When the lock of a verifier that died ends. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LockTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After which time nothing that an instance has sent to Kafka can still be under way: at least the delivery timeout of its producer. A
    /// verification waits this long for an instance that was alive a moment ago and does not answer. Default 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan SettleTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an instance has to answer whose last sign of life is older than <see cref="SettleTimeout"/>, before it counts as dead. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many coupons are verified at the same time. Default 4.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 4;
}

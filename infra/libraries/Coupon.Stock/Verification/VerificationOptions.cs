using System.ComponentModel.DataAnnotations;

namespace Coupon.Stock.Verification;

/// <summary>How the stock is watched and verified: section <c>Stock</c>.</summary>
public sealed class VerificationOptions
{
    /// <summary>
    /// How often an instance shows that it lives and asks whether a verification waits for it. Default 500 ms, at most a third of <see
    /// cref="LeaseTime"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:10")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How often an instance looks whether Redis is still the verified one; a failed call makes it look at once. Also the pause after a verification
    /// that failed. Default 1 s, at most a third of <see cref="LeaseTime"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause before the next look while another process verifies. Default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>When the lock of a verifier that died ends. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LockTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long an instance may issue after its lease was renewed last, by its own clock. It is renewed three times as often, while Redis is still
    /// the one that was verified and MySQL answers; or, where MySQL does not, while Redis has all its replicas. Default 5 s.
    /// </summary>
    /// <remarks>Longer: a slow MySQL or Redis closes the fence less often. Shorter: a verification waits less for an instance that died.</remarks>
    [Range(typeof(TimeSpan), "00:00:00.5", "00:01:00")]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Up to how long ago a replica must have been heard of by its primary to count as attached; Redis counts whole seconds. Default 3 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ReplicaLag { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How many coupons are verified at the same time. Default 4.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 4;

    /// <summary>
    /// After which time an instance that shows nothing cannot hold a lease any more: the lease, the lag up to which a replica vouched for it, a
    /// second that Redis does not count, and another one for what a statement takes and clocks that do not run alike.
    /// </summary>
    public TimeSpan LeaseBound => LeaseTime + ReplicaLag + TimeSpan.FromSeconds(2);

    /// <summary>How long after its end a verification waits at least: one second less than <see cref="LeaseBound"/>, for what is under way.</summary>
    internal TimeSpan WaitedForAfterLease => LeaseBound - LeaseTime - TimeSpan.FromSeconds(1);

    /// <summary>How often the lease is renewed.</summary>
    internal TimeSpan RenewalInterval => LeaseTime / 3;

    /// <summary>How often Redis is looked at.</summary>
    internal TimeSpan LookInterval => WatchInterval < RenewalInterval ? WatchInterval : RenewalInterval;

    /// <summary>How often MySQL is asked.</summary>
    internal TimeSpan BeatInterval => HeartbeatInterval < RenewalInterval ? HeartbeatInterval : RenewalInterval;
}

namespace Coupon.Faults;

/// <summary>
/// The settings of the service in a run that differ from its defaults: the waits of the protocol are shorter, in the same proportion, so that a fault
/// of seconds exceeds them.
/// </summary>
internal static class RunSettings
{
    /// <summary><c>Stop:Drain</c>.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    /// <summary><c>Stock:LeaseTime</c>.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary><c>Stock:ReplicaLag</c>.</summary>
    public static readonly TimeSpan ReplicaLag = TimeSpan.FromSeconds(1);

    /// <summary>How long a verification waits for an instance that shows nothing: docs/rebuild.md, "Who is waited for, and how long".</summary>
    public static readonly TimeSpan WaitedFor = Lease + ReplicaLag + TimeSpan.FromSeconds(2);

    /// <summary>As environment variables.</summary>
    public static IReadOnlyDictionary<string, string> Values { get; } =
        new Dictionary<string, string>
        {
            ["Stop__Drain"] = Drain.ToString(),
            ["Stock__LeaseTime"] = Lease.ToString(),
            ["Stock__ReplicaLag"] = ReplicaLag.ToString(),

            // Not longer than somebody who shows nothing is waited for.
            ["Producer__MessageTimeout"] = "00:00:04",
            ["Issuing__RelayGrace"] = "00:00:02",
            ["Issuing__RelayLease"] = "00:00:05",
            ["Issuing__RelayInterval"] = "00:00:00.5",

            // The books of a short sale, with a few bad records on purpose.
            ["Balance__Interval"] = "00:00:05",
            ["Valve__MaxShare"] = "1",
            ["WarmUp__Requests"] = "0",
            ["WarmUp__Batches"] = "0",
        };
}

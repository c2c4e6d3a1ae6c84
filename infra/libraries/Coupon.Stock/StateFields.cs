namespace Coupon.Stock;

/// <summary>The fields of the hash <see cref="CouponKeys.State"/>. Numbers are decimal text; the Lua scripts spell the same names.</summary>
public static class StateFields
{
    /// <summary>How many exist, as last taken over from MySQL.</summary>
    public const string Total = "total";

    /// <summary>How many voided ordinals gave their seat back to the stock, as last taken over from MySQL.</summary>
    public const string Returned = "returned";

    /// <summary>How many returned seats were taken back since; missing: none.</summary>
    public const string Retaken = "retaken";

    /// <summary>How many are left to give out: always total + returned − issued.</summary>
    public const string Remaining = "remaining";

    /// <summary>The last ordinal given out; 0 before the first.</summary>
    public const string Issued = "issued";

    /// <summary>Unix time (ms) from which it is given out; empty: from the start.</summary>
    public const string Opens = "opens";

    /// <summary>Unix time (ms) from which it is no longer given out; empty: never by itself.</summary>
    public const string Closes = "closes";

    /// <summary>1: closed by hand. 0: not.</summary>
    public const string Closed = "closed";

    /// <summary>The title: with it and <see cref="Created"/> a row that MySQL has lost can be written again.</summary>
    public const string Title = "title";

    /// <summary>Unix time (ms) at which the coupon was created.</summary>
    public const string Created = "created";

    /// <summary>
    /// The verification that this state comes from; of a coupon that was loaded since, the last one of everything. From before the epoch of a caller,
    /// it decides nothing.
    /// </summary>
    public const string Verified = "verified";

    /// <summary>
    /// The shard (<see cref="Shards.Shard.Name"/>) in which the state was verified; empty or missing where one Redis has everything. In another one,
    /// to which its slot was moved, it decides nothing: its former shard may have lost data before that.
    /// </summary>
    public const string Shard = "shard";
}

/// <summary>
/// The fields of the hash <see cref="Shards.ShardKeys.Standing"/>; each other field is an instance's id: the last verification that it has handed
/// back for.
/// </summary>
public static class StandingFields
{
    /// <summary>The verification that waits for instances at this moment; missing: none.</summary>
    public const string Waiting = "waiting";

    /// <summary>The last verification whose waiting has ended: an instance that has not handed back for it is given up.</summary>
    public const string Ended = "ended";

    /// <summary>The most replicas that were ever seen in step. Only an operator who removes a replica for good removes this field.</summary>
    public const string Replicas = "replicas";

    /// <summary>In a cluster, what the shard owned when the verification that waits began (<see cref="Shards.SlotSet"/>).</summary>
    public const string Slots = "slots";

    /// <summary>In a cluster, the last verification that has put all coupons of the shard on sale again.</summary>
    public const string Completed = "completed";
}

using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>
/// One unbroken time for which this instance may issue. A caller of Redis takes the term first and checks afterwards whether it still holds: an
/// answer across its end may come from a server that has been replaced, or from data that is lost.
/// </summary>
public sealed class LeaseTerm
{
    /// <summary>The term of an instance that may not issue.</summary>
    public static readonly LeaseTerm Closed = new(0, 0, "", long.MinValue);

    private long _until;

    internal LeaseTerm(long number, long epoch, string shard, long until) => (Number, Epoch, Shard, _until) = (number, epoch, shard, until);

    /// <summary>Which one, from 1 in each process; 0: <see cref="Closed"/>.</summary>
    public long Number { get; }

    /// <summary>The verification of everything that Redis was last seen with: a state from before it decides nothing.</summary>
    public long Epoch { get; }

    /// <summary>The shard that it is for (<see cref="Shards.Shard.Name"/>): a state from another one decides nothing.</summary>
    public string Shard { get; }

    /// <summary>Whether the instance may issue at all.</summary>
    public bool MayIssue => Number > 0;

    /// <summary>Whether a state decides anything for this term: it is of its epoch or later, and of its shard. The scripts ask the same.</summary>
    /// <param name="verified">The field <see cref="StateFields.Verified"/>.</param>
    /// <param name="shard">The field <see cref="StateFields.Shard"/>.</param>
    public bool Admits(RedisValue verified, RedisValue shard) => (long?)verified >= Epoch && ((string?)shard ?? "") == Shard;

    internal bool HoldsAt(long timestamp) => timestamp < Volatile.Read(ref _until);

    // For one caller at a time, and never of a term that was ended.
    internal void ExtendTo(long until)
    {
        if (until > Volatile.Read(ref _until))
            Volatile.Write(ref _until, until);
    }

    internal void End() => Volatile.Write(ref _until, long.MinValue);
}

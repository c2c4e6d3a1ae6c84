using System.Collections.Concurrent;

namespace Coupon.Api.Issuing;

/// <summary>
/// Who has just been given a seat here and presses again, as people do, hears of it without Redis. Nothing is decided: it repeats what this instance has
/// told them a moment ago. Short-lived, and forgotten where the stock of any coupon changed, since a seat may have been taken back.
/// </summary>
internal sealed class SeatMemory(IssuingOptions options, TimeProvider time)
{
    // At 100,000 seats a second still bounded: some 10 MB. Who is not remembered is asked for in Redis.
    private const int MostRemembered = 100_000;

    private volatile Generations _generations = new(time.GetTimestamp(), new(), new());

    /// <summary>The script has said yes.</summary>
    public void Remember(long couponId, long userId, IssueReply seat, long? idempotencyKeyHash)
    {
        if (options.SeatMemory == TimeSpan.Zero) return;
        var young = Now().Young;
        if (young.Added < MostRemembered) young.Add((couponId, userId), new Seat(seat, idempotencyKeyHash));
    }

    /// <summary>What the script would answer to somebody who has a seat; false where only the script can tell.</summary>
    public bool TryRepeat(long couponId, long userId, long? idempotencyKeyHash, out IssueReply reply)
    {
        reply = default;
        if (options.SeatMemory == TimeSpan.Zero) return false;
        var (_, young, old) = Now();
        var isKnown = young.TryGet((couponId, userId), out var seat) || old.TryGet((couponId, userId), out seat);
        var isSameRequest = idempotencyKeyHash is not null && idempotencyKeyHash == seat.KeyHash;
        reply = seat.Reply with { Outcome = isSameRequest ? IssueOutcome.Repeated : IssueOutcome.AlreadyIssued };
        return isKnown;
    }

    /// <summary>Some stock has changed.</summary>
    public void Forget() => _generations = new Generations(time.GetTimestamp(), new(), new());

    // Two generations instead of a time for each: the young one takes everybody in, and is forgotten as the old one when its successor ends.
    private Generations Now()
    {
        var generations = _generations;
        var age = time.GetElapsedTime(generations.Since);
        if (age < options.SeatMemory) return generations;
        var next = new Generations(time.GetTimestamp(), new(), age < 2 * options.SeatMemory ? generations.Young : new());
        return Interlocked.CompareExchange(ref _generations, next, generations) == generations ? next : _generations;
    }

    private readonly record struct Seat(IssueReply Reply, long? KeyHash);

    private sealed record Generations(long Since, Generation Young, Generation Old);

    private sealed class Generation
    {
        private readonly ConcurrentDictionary<(long CouponId, long UserId), Seat> _seats = new();
        private int _added;

        // Counted here, because the dictionary would take all of its locks to count.
        public int Added => Volatile.Read(ref _added);

        public void Add((long CouponId, long UserId) holder, Seat seat)
        {
            if (_seats.TryAdd(holder, seat)) Interlocked.Increment(ref _added);
        }

        public bool TryGet((long CouponId, long UserId) holder, out Seat seat) => _seats.TryGetValue(holder, out seat);
    }
}

using System.Collections.Concurrent;

namespace Coupon.Sale.Load;

/// <summary>What the clients were told, kept by ordinal and by user so that the books can be checked by name.</summary>
internal sealed class Tally(int requests)
{
    private readonly long[] _latencyTicks = new long[requests];
    private readonly long[] _answeredAt = new long[requests];
    private readonly ConcurrentDictionary<long, long> _ordinalByUser = new();
    private int _answered;
    private int _accepted;

    /// <summary>The ordinals that users were told.</summary>
    public ConcurrentDictionary<long, long> UserByOrdinal { get; } = new();

    /// <summary>How many answers were no acceptance, by code.</summary>
    public ConcurrentDictionary<string, int> Refused { get; } = new();

    /// <summary>
    /// Answers that contradict each other: a place given to two users, an acceptance without a place, two acceptances of one user, a holder who is
    /// told another place or that nothing is left. The answers to one user are added in the order of the requests.
    /// </summary>
    public ConcurrentQueue<string> Contradictions { get; } = new();

    /// <summary>How many requests were answered.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>How many of them are acceptances.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    public void Add(long userId, HttpAnswer answer, long latencyTicks, long now)
    {
        var index = Interlocked.Increment(ref _answered) - 1;
        (_latencyTicks[index], _answeredAt[index]) = (latencyTicks, now);
        if (answer.Status == 202)
            Accept(userId, answer.Ordinal);
        else
            Refuse(userId, answer);
    }

    /// <summary>The time and the latency of each answer, in ticks, in no order. Read it only after the load has ended.</summary>
    public IEnumerable<(long AnsweredAt, long Latency)> Answers => _answeredAt.Zip(_latencyTicks).Take(Answered);

    public void AddFailure(Exception exception) => Refused.AddOrUpdate($"no answer ({exception.GetType().Name})", 1, (_, count) => count + 1);

    /// <summary>A latency in milliseconds; <paramref name="share"/> 0.95 is the 95th percentile.</summary>
    public double Percentile(double share, long ticksPerSecond)
    {
        var sorted = _latencyTicks.AsSpan(0, Answered).ToArray();
        Array.Sort(sorted);
        return sorted.Length == 0 ? 0 : NearestRank.Of(sorted, share) * 1000.0 / ticksPerSecond;
    }

    private void Accept(long userId, long ordinal)
    {
        Interlocked.Increment(ref _accepted);
        if (!_ordinalByUser.TryAdd(userId, ordinal))
            Contradictions.Enqueue($"user {userId} was accepted twice: place {_ordinalByUser[userId]}, then {ordinal}");
        if (ordinal < 1)
            Contradictions.Enqueue($"user {userId} was accepted without a place in the queue");
        else if (!UserByOrdinal.TryAdd(ordinal, userId) && UserByOrdinal[ordinal] is var holder && holder != userId)
            Contradictions.Enqueue($"place {ordinal} was given to user {holder} and to user {userId}");
    }

    private void Refuse(long userId, HttpAnswer answer)
    {
        Refused.AddOrUpdate(answer.Code ?? $"status {answer.Status}", 1, (_, count) => count + 1);
        if (answer.Ordinal > 0 && UserByOrdinal.TryGetValue(answer.Ordinal, out var holder) && holder != userId)
            Contradictions.Enqueue($"user {userId} was told place {answer.Ordinal}, which is user {holder}'s");
        if (!_ordinalByUser.TryGetValue(userId, out var held))
            return;
        if (answer.Code == "sold-out")
            Contradictions.Enqueue($"user {userId}, who has place {held}, was told that it is sold out");
        if (answer.Code == "already-issued" && answer.Ordinal != held)
            Contradictions.Enqueue($"user {userId} was given place {held}, then told place {answer.Ordinal}");
    }
}

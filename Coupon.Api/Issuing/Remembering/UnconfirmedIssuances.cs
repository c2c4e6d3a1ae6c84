using System.Collections.Concurrent;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Remembering;

/// <summary>
/// The unconfirmed issuances of this process: it has accepted them or told a user of them, and knows of no acknowledgement by Kafka. A verification
/// is told of them, so a Redis that loses its outbox loses none of them, however long Kafka is away. There are never more than the outboxes hold,
/// which <see cref="IssuingOptions.OutboxLimit"/> bounds; each costs about 400 bytes.
/// </summary>
internal sealed class UnconfirmedIssuances(IConnectionMultiplexer redis, IssuingOptions options, TimeProvider time) : IUnconfirmedIssuances
{
    // The answers that wait for Kafka. All wait equally long, so they expire in the order in which they came: one queue replaces a timer for each.
    private readonly ConcurrentQueue<UnconfirmedIssuance> _waiting = new();

    // Issuances that were answered without an acknowledgement, and those of other instances that a user was told of.
    private readonly ConcurrentDictionary<OutboxEntry, Told> _told = new();

    // Entries that the relay of this process is sending.
    private readonly ConcurrentDictionary<OutboxEntry, byte> _relayed = new();
    private readonly ScriptCalls _calls = new();

    public bool HasAny => Entries().Any();

    /// <summary>Whether an answer may be waiting for Kafka.</summary>
    public bool AnyWaits => !_waiting.IsEmpty;

    /// <summary>Adds an issuance whose answer waits for Kafka.</summary>
    public void Add(UnconfirmedIssuance issuance) => _waiting.Enqueue(issuance);

    /// <summary>Begins a call of the issue script: until it ends, the script may have taken seats that this class does not know of.</summary>
    public int BeginCall() => _calls.Begin();

    /// <summary>Ends a call: the script has answered, and every seat that it took was added.</summary>
    public void EndCall(int call) => _calls.End(call);

    /// <summary>The relay begins to send an entry, which counts as unconfirmed until <see cref="EndRelay"/>.</summary>
    public void BeginRelay(OutboxEntry entry) => _relayed.TryAdd(entry, 0);

    /// <summary>The entry was acknowledged, or is left to the outbox again.</summary>
    public void EndRelay(OutboxEntry entry, bool acknowledged)
    {
        _relayed.TryRemove(entry, out _);
        if (acknowledged)
            Forget(entry);
    }

    /// <summary>
    /// Remembers a seat in the outbox, of any instance, that this process tells a user of: the instance that accepted it may be gone.
    /// </summary>
    public void AnswerFor(OutboxEntry entry) => _told.TryAdd(entry, new Told(time.GetTimestamp(), null));

    /// <summary>Forgets an entry: Kafka has its message.</summary>
    public void Forget(OutboxEntry entry) => _told.TryRemove(entry, out _);

    /// <summary>All entries that no acknowledgement is known of.</summary>
    public IEnumerable<OutboxEntry> Entries() =>
        _waiting.Where(issuance => issuance.IsUnconfirmed).Select(issuance => issuance.Entry).Concat(EntriesTold()).Concat(_relayed.Keys);

    /// <summary>The entries whose answer was given without an acknowledgement.</summary>
    /// <param name="minimumAge">Only those that this process has known for so long.</param>
    public IEnumerable<OutboxEntry> EntriesTold(TimeSpan minimumAge = default) =>
        _told.Where(told => !told.Value.IsConfirmed && time.GetElapsedTime(told.Value.At) >= minimumAge).Select(told => told.Key);

    /// <summary>Forgets what Kafka has acknowledged to this process since its answer was given.</summary>
    public void ForgetConfirmed()
    {
        foreach (var (entry, told) in _told)
        {
            if (told.IsConfirmed)
                Forget(entry);
        }
    }

    /// <summary>
    /// Takes the issuances off the queue whose answer has waited for <see cref="IssuingOptions.ConfirmTimeout"/>. They stay remembered.
    /// </summary>
    /// <returns>Those that still have no answer.</returns>
    public IEnumerable<UnconfirmedIssuance> TakeExpired()
    {
        while (_waiting.TryPeek(out var oldest) && (!oldest.IsUnconfirmed || time.GetElapsedTime(oldest.AcceptedAt) >= options.ConfirmTimeout))
        {
            // Remembered as told before it leaves the queue: at every moment it is in one of the two.
            if (oldest.IsUnconfirmed)
                _told[oldest.Entry] = new Told(oldest.AcceptedAt, oldest);
            _waiting.TryDequeue(out _);
            if (!oldest.IsConfirmed && !oldest.Task.IsCompleted)
                yield return oldest;
        }
    }

    public IReadOnlyList<HeldSeat> Held(Func<long, bool> isOf)
    {
        var held = new HashSet<HeldSeat>();
        foreach (var entry in Entries().Where(entry => isOf(entry.CouponId)))
        {
            if (entry.TryGetSeat(out var seat))
                held.Add(seat);
        }

        return [.. held];
    }

    public void HandOver(IReadOnlyCollection<HeldSeat> seats)
    {
        var handedOver = seats.ToHashSet();
        bool IsHandedOver(OutboxEntry entry) => entry.TryGetSeat(out var seat) && handedOver.Contains(seat);
        foreach (var issuance in _waiting.Where(issuance => IsHandedOver(issuance.Entry)))
            issuance.IsHandedOver = true;
        foreach (var entry in _told.Keys.Where(IsHandedOver))
            Forget(entry);
    }

    public Task DrainAsync(CancellationToken cancellationToken) => _calls.DrainAsync(time, cancellationToken);

    public async Task HandBackAsync(Func<long, bool> isOf, CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        foreach (var coupon in Entries().Where(entry => isOf(entry.CouponId)).GroupBy(entry => entry.CouponId, entry => entry.Member))
            await OutboxHandBack.AddAsync(redis.GetDatabase(), new CouponKeys(coupon.Key), coupon, options.RelayGrace).WaitAsync(cancellationToken);
    }

    // Issuance is null where another process accepted it.
    private sealed record Told(long At, UnconfirmedIssuance? Issuance)
    {
        public bool IsConfirmed => Issuance is { IsConfirmed: true };
    }
}

/// <summary>
/// An issuance that this process accepted and that Kafka has not acknowledged yet. The task is what the answer waits for: true at the
/// acknowledgement, false where the answer is given without it. Kafka may still acknowledge it afterwards.
/// </summary>
/// <param name="seat">The seat that was taken.</param>
/// <param name="trace">The trace of the press, which its entry in the outbox has; null: none.</param>
/// <param name="acceptedAt">When, as a timestamp of the time provider.</param>
internal sealed class UnconfirmedIssuance(HeldSeat seat, string? trace, long acceptedAt) : TaskCompletionSource<bool>
{
    public HeldSeat Seat => seat;

    public long AcceptedAt => acceptedAt;

    /// <summary>Whether Kafka has acknowledged it to this process.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>Whether MySQL answers for it, since a verification has given this process up.</summary>
    public bool IsHandedOver { get; set; }

    /// <summary>Whether this process still answers for it.</summary>
    public bool IsUnconfirmed => !IsConfirmed && !IsHandedOver;

    /// <summary>Its entry in the outbox.</summary>
    public OutboxEntry Entry => OutboxEntry.Of(seat, trace);
}

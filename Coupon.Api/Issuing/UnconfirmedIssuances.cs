using System.Collections.Concurrent;
using System.Globalization;
using Coupon.Api.Issuing.Outbox;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>
/// Every issuance between the script's yes and Kafka's. Since the bound on the wait is the same for all, they run out in the order in which they
/// came: one queue and one coarse tick replace a timer per request.
/// </summary>
internal sealed class UnconfirmedIssuances(
    IConnectionMultiplexer redis,
    LateIssuances late,
    KafkaCircuit circuit,
    IssuingOptions options,
    TimeProvider time
) : BackgroundService, IUnsettledIssuances
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentQueue<PendingIssuance> _waiting = new();
    private readonly ConcurrentDictionary<OutboxEntry, byte> _relayed = new();
    private readonly ScriptCalls _calls = new();

    public void Add(PendingIssuance pending) => _waiting.Enqueue(pending);

    /// <summary>Until the returned call ends, the script may have said yes to somebody whom nothing here knows of yet.</summary>
    public int BeginCall() => _calls.Begin();

    /// <summary>The script has answered, and where it said yes, the issuance was added.</summary>
    public void EndCall(int call) => _calls.End(call);

    /// <summary>A relay sends an entry: until it is acknowledged or given up, it counts as under way.</summary>
    public void BeginRelay(OutboxEntry entry) => _relayed.TryAdd(entry, 0);

    /// <summary>The entry was acknowledged, or is left to the outbox again.</summary>
    public void EndRelay(OutboxEntry entry, bool acknowledged)
    {
        _relayed.TryRemove(entry, out _);
        if (acknowledged)
            late.Forget(entry);
    }

    /// <summary>This process tells of an issuance that still waits in the outbox, and that another one may have accepted.</summary>
    /// <param name="keys">The coupon.</param>
    /// <param name="ordinal">Its place.</param>
    /// <param name="userId">Who holds it.</param>
    /// <param name="timeAndKey">When it was issued and the hash of its key, as they stand in the outbox.</param>
    public void AnswerFor(CouponKeys keys, long ordinal, long userId, string timeAndKey) =>
        late.AnswerFor(keys, new OutboxEntry(keys.Outbox, string.Create(CultureInfo.InvariantCulture, $"{ordinal}:{userId}:{timeAndKey}")));

    public bool HasAny => Unacknowledged().Any();

    public IReadOnlyList<HeldSeat> Held()
    {
        var held = new HashSet<HeldSeat>();
        foreach (var entry in Unacknowledged())
        {
            var couponId = CouponKeys.CouponIdOf(entry.Outbox);
            if (!CouponKeys.IsRehearsal(couponId) && HeldSeat.TryParseOutbox(couponId, entry.Member, out var seat))
                held.Add(seat);
        }

        return [.. held];
    }

    public Task DrainAsync(CancellationToken cancellationToken) => _calls.DrainAsync(time, cancellationToken);

    public async Task HandBackAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        foreach (var coupon in Unacknowledged().GroupBy(entry => entry.Outbox))
        {
            var keys = new CouponKeys(CouponKeys.CouponIdOf(coupon.Key));
            await OutboxHandBack
                .AddAsync(redis.GetDatabase(), keys, coupon.Select(entry => entry.Member), options.RelayGrace)
                .WaitAsync(cancellationToken);
        }
    }

    /// <summary>Answers those whose bound has passed; from then on they are late. Called by the tick; by tests at will.</summary>
    internal void Sweep()
    {
        while (_waiting.TryPeek(out var oldest) && (oldest.Settled || time.GetElapsedTime(oldest.AcceptedAt) >= options.ConfirmTimeout))
        {
            // Late before it is taken from the queue: at every moment it is in one of the two.
            if (!oldest.Settled)
                late.Add(oldest);
            _waiting.TryDequeue(out _);
            if (oldest.Settled)
                continue;
            if (oldest.Task.IsCompleted)
                continue;
            circuit.Missed();

            // The request goes on elsewhere: its answer must not hold up the tick.
            ThreadPool.UnsafeQueueUserWorkItem(static unanswered => unanswered.TrySetResult(false), oldest, preferLocal: false);
        }
    }

    private IEnumerable<OutboxEntry> Unacknowledged() =>
        _waiting
            .Where(pending => !pending.Settled)
            .Select(pending => new OutboxEntry(pending.Keys.Outbox, pending.OutboxMember))
            .Concat(late.Entries())
            .Concat(_relayed.Keys);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Sweep();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}

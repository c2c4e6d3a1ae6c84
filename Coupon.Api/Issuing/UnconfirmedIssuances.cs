using System.Collections.Concurrent;
using Coupon.Api.Issuing.Outbox;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>
/// Every issuance between the script's yes and Kafka's. Since the bound on the wait is the same for all, they run out in the order in which they
/// came: one queue and one coarse tick replace a timer per request.
/// </summary>
internal sealed class UnconfirmedIssuances(
    IConnectionMultiplexer redis, LateIssuances late, KafkaCircuit circuit, IssuingOptions options, TimeProvider time)
    : BackgroundService, IUnsettledIssuances
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

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
        if (acknowledged) late.Forget(entry);
    }

    public bool HasAny => Unacknowledged().Any();

    public Task DrainAsync(CancellationToken cancellationToken) => _calls.DrainAsync(time, cancellationToken);

    public async Task HandBackAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        var database = redis.GetDatabase();
        var due = time.GetUtcNow().Add(options.RelayGrace).ToUnixTimeMilliseconds();
        foreach (var coupon in Unacknowledged().GroupBy(entry => entry.Outbox))
        {
            // The relays look where something is loaded, and a verification does not load what is long over: it may have ended while Kafka was away.
            var couponId = CouponKeys.CouponIdOf(coupon.Key);
            if (!CouponKeys.IsRehearsal(couponId)) await database.SetAddAsync(CouponKeys.LoadedCoupons, couponId).WaitAsync(cancellationToken);
            var entries = coupon.Select(entry => new SortedSetEntry(entry.Member, due)).ToArray();
            await database.SortedSetAddAsync(coupon.Key, entries, When.NotExists).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Answers those whose bound has passed; from then on they are late. Called by the tick; by tests at will.</summary>
    internal void Sweep()
    {
        while (_waiting.TryPeek(out var oldest) && (oldest.Settled || time.GetElapsedTime(oldest.AcceptedAt) >= options.ConfirmTimeout))
        {
            // Late before it is taken from the queue: at every moment it is in one of the two.
            if (!oldest.Settled) late.Add(oldest);
            _waiting.TryDequeue(out _);
            if (oldest.Settled) continue;
            if (oldest.Task.IsCompleted) continue;
            circuit.Missed();

            // The request goes on elsewhere: its answer must not hold up the tick.
            ThreadPool.UnsafeQueueUserWorkItem(static unanswered => unanswered.TrySetResult(false), oldest, preferLocal: false);
        }
    }

    private IEnumerable<OutboxEntry> Unacknowledged() => _waiting.Where(pending => !pending.Settled)
        .Select(pending => new OutboxEntry(pending.Keys.Outbox, pending.OutboxMember)).Concat(late.Entries()).Concat(_relayed.Keys);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Sweep();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}

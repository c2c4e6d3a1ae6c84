using System.Net;
using Coupon.Hosting.Background;
using Coupon.Stock.MySql;
using Coupon.Stock.Shards;
using Coupon.Stock.Verification;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Coupon.Stock.Fence;

/// <summary>
/// The fences of all shards. A Redis that is no cluster has one; in a cluster each shard has its own, so that one that is away stops no coupon of
/// the others. Follows the shards as slots move, and removes the scripts from replicas.
/// </summary>
internal sealed class StockFence : PeriodicService, IStockFence
{
    private readonly IConnectionMultiplexer _redis;
    private readonly Func<Shard, ShardFence> _create;
    private readonly Lock _following = new();
    private volatile Fences _fences = new([]);
    private Task _flushing = Task.CompletedTask;
    private bool _isStopping;

    public StockFence(
        IConnectionMultiplexer redis,
        Func<Shard, ShardFence> create,
        InstanceHeartbeat heartbeat,
        DatabaseFence mySql,
        VerificationOptions options,
        TimeProvider time,
        ILogger<StockFence> logger
    )
        : base(options.LookInterval, time, logger, startsAtOnce: true)
    {
        (_redis, _create) = (redis, create);
        mySql.Doubted += reason => DoubtAll(null, reason);
        heartbeat.Doubted += DoubtAll;
        redis.ConnectionFailed += (_, failure) => Connected(failure.EndPoint, "the connection to Redis was lost");
        redis.ConnectionRestored += (_, failure) => Connected(failure.EndPoint, "the connection to Redis was restored");
        redis.ConfigurationChanged += (_, _) => Changed();
    }

    /// <inheritdoc />
    public IReadOnlyList<ShardLease> Leases => [.. _fences.All.Select(fence => new ShardLease(fence.Shard, fence.Enter()))];

    /// <inheritdoc />
    public LeaseTerm Enter(long couponId) => _fences.Of(couponId)?.Enter() ?? LeaseTerm.Closed;

    /// <inheritdoc />
    public bool Holds(LeaseTerm term)
    {
        ArgumentNullException.ThrowIfNull(term);
        return term.HoldsAt(Time.GetTimestamp());
    }

    /// <inheritdoc />
    public bool IsWaitedFor(long couponId) => _fences.Of(couponId)?.IsWaitedFor ?? false;

    /// <inheritdoc />
    public void Doubt(long couponId, string reason) => _fences.Of(couponId)?.Doubt(reason);

    /// <inheritdoc />
    public void DoubtCoupon(long couponId) => _fences.Of(couponId)?.DoubtCoupon(couponId);

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        ShardFence[] fences;
        lock (_following)
        {
            _isStopping = true;
            fences = _fences.All;
        }

        await Task.WhenAll(fences.Select(fence => fence.StopAsync(cancellationToken)));
        await Task.WhenAny(_flushing, Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken));
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        foreach (var fence in _fences.All)
            fence.Dispose();
    }

    /// <inheritdoc />
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        // Beside the rest: a replica that hangs must hold up nothing.
        if (_flushing.IsCompleted)
            _flushing = ScriptLoading.FlushReplicasAsync(_redis);
        await FollowAsync(await ShardMap.Of(_redis).ReadAsync(), stoppingToken);
    }

    private async Task FollowAsync(IReadOnlyList<Shard> shards, CancellationToken cancellationToken)
    {
        var (added, left) = Follow(shards);
        foreach (var fence in added)
            await fence.StartAsync(cancellationToken);
        foreach (var fence in left)
        {
            fence.Leave();
            await fence.StopAsync(cancellationToken);
            fence.Dispose();
        }
    }

    // A shard whose primary is away is not seen, and stays until the slot that it is named after is another one's.
    private (List<ShardFence> Added, List<ShardFence> Left) Follow(IReadOnlyList<Shard> shards)
    {
        lock (_following)
        {
            var known = _fences.All.ToDictionary(fence => fence.Shard.Name, StringComparer.Ordinal);
            var added = new List<ShardFence>();
            if (_isStopping || shards.Count == 0)
                return (added, []);
            foreach (var shard in shards)
            {
                if (known.TryGetValue(shard.Name, out var fence))
                {
                    fence.Follow(shard);
                    continue;
                }

                added.Add(_create(shard));
                known.Add(shard.Name, added[^1]);
            }

            var left = known.Values.Where(fence => !shards.Any(shard => shard.Name == fence.Shard.Name) && IsReplaced(fence.Shard, shards)).ToList();

            // Those that were seen come last: where two claim a slot, they have it.
            var stay = known.Values.Except(left).OrderBy(fence => shards.Any(shard => shard.Name == fence.Shard.Name));
            _fences = new Fences([.. stay]);
            return (added, left);
        }
    }

    private static bool IsReplaced(Shard before, IReadOnlyList<Shard> now) =>
        before.Slots is null
        || now.Any(shard =>
            shard.Slots is not { } slots || slots.Contains(int.Parse(before.Name, System.Globalization.CultureInfo.InvariantCulture))
        );

    private void DoubtAll(SlotSet? slots, string reason)
    {
        foreach (var fence in _fences.All)
        {
            if (slots is null || fence.Shard.Slots is not { } own || own.Meets(slots))
                fence.Doubt(reason);
        }
    }

    // A server that serves no writes of a shard, such as a replica, says nothing about what is on sale; the look that follows does.
    private void Connected(EndPoint? server, string reason)
    {
        foreach (var fence in _fences.All)
        {
            if (server is null || fence.Primary is not { } primary || primary.Equals(server))
                fence.Doubt(reason);
            else
                fence.LookAgain();
        }

        WakeUp();
    }

    // In a cluster slots move all the time. A server that gets some is not sold from before it was looked at: it has no scripts, or its states are of
    // another shard.
    private void Changed()
    {
        foreach (var fence in _fences.All)
        {
            if (fence.Shard.Slots is null)
                fence.Doubt("the servers of Redis have changed");
            else
                fence.LookAgain();
        }

        WakeUp();
    }

    private sealed class Fences
    {
        // By slot; null: one fence has everything.
        private readonly ShardFence?[]? _bySlot;

        public Fences(ShardFence[] all)
        {
            All = all;
            if (all is [] or [{ Shard.Slots: null }])
                return;
            _bySlot = new ShardFence?[HashSlot.Count];
            foreach (var fence in all)
            {
                foreach (var slot in fence.Shard.Slots?.All() ?? [])
                    _bySlot[slot] = fence;
            }
        }

        public ShardFence[] All { get; }

        public ShardFence? Of(long couponId)
        {
            if (_bySlot is not null)
                return _bySlot[HashSlot.OfCoupon(couponId)];
            return All.Length == 0 ? null : All[0];
        }
    }
}

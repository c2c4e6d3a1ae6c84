using System.Collections.Concurrent;
using Coupon.Hosting.Background;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Remembering;

/// <summary>
/// Answers "sold out" without Redis, and exactly: it remembers the holders of a sold-out coupon in a filter, and whoever may be one still gets the
/// answer from Redis, where a holder is told "already issued". An answer lasts for <see cref="IssuingOptions.SoldOutCacheTime"/>, and ends at once
/// when any instance publishes a change of the stock.
/// </summary>
internal sealed class SoldOutCache(
    IConnectionMultiplexer redis,
    SeatCache seats,
    IStockFence fence,
    IssuingOptions options,
    TimeProvider time,
    ILogger<SoldOutCache> logger
) : PeriodicService(TimeSpan.FromSeconds(10), time, logger)
{
    private const int HoldersPageSize = 1000;

    // The holders outlive the answer: while the last ordinal stays the same, they need not be read again.
    private const int LifetimesOfHolders = 60;

    private readonly ConcurrentDictionary<long, SoldOut> _coupons = new();
    private ChannelMessageQueue? _changes;

    /// <summary>Whether the coupon is sold out and the user holds none of it.</summary>
    public bool Refuses(long couponId, long userId, LeaseTerm term) =>
        _coupons.TryGetValue(couponId, out var coupon)
        && coupon.Term == term
        && coupon.Holders is { } holders
        && Time.GetElapsedTime(coupon.ReadAt) < options.SoldOutCacheTime
        && !holders.MayHold(userId);

    /// <summary>The script has answered "sold out": reads the holders in the background, once at a time.</summary>
    public void Learn(CouponKeys keys, LeaseTerm term)
    {
        if (options.SoldOutCacheTime == TimeSpan.Zero)
            return;
        var before = _coupons.GetValueOrDefault(keys.CouponId);
        if (before is { Holders: null })
            return;

        // Holders are reused within one term of the lease only.
        var known = before?.Term == term ? before : null;
        var reading = new SoldOut(term, 0, null, known?.LastOrdinal ?? -1, known?.Holders);
        if (before is null ? _coupons.TryAdd(keys.CouponId, reading) : _coupons.TryUpdate(keys.CouponId, reading, before))
            _ = ReadAsync(keys, reading);
    }

    /// <summary>Forgets a coupon whose stock has changed.</summary>
    public void Forget(long couponId)
    {
        _coupons.TryRemove(couponId, out _);
        seats.Forget();
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SubscribeAsync();
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // Tried again in each round. An answer from memory lasts no longer than SoldOutCacheTime meanwhile.
            Failed(exception);
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_changes is not null)
            await _changes.UnsubscribeAsync(CommandFlags.FireAndForget);
    }

    // A sold-out coupon that users still press for is read again and again; this removes the others, with all their holders.
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        foreach (var coupon in _coupons)
        {
            if (coupon.Value.Holders is not null && Time.GetElapsedTime(coupon.Value.ReadAt) > LifetimesOfHolders * options.SoldOutCacheTime)
                _coupons.TryRemove(coupon);
        }

        if (_changes is null)
            await SubscribeAsync();
    }

    // The client mostly queues the subscription until Redis is there, and renews it after each reconnect
    // (https://stackexchange.github.io/StackExchange.Redis/Basics); while a handshake of TLS fails, it throws.
    private async Task SubscribeAsync()
    {
        var changes = await redis.GetSubscriber().SubscribeAsync(CouponKeys.Changed);
        changes.OnMessage(message => Forget((long)message.Message));
        _changes = changes;
    }

    private async Task ReadAsync(CouponKeys keys, SoldOut reading)
    {
        try
        {
            var database = redis.GetDatabase();
            var readAt = Time.GetTimestamp();
            var state = await database.HashGetAsync(keys.State, [StateFields.Remaining, StateFields.Issued]);

            // A missing state is "not loaded", never "sold out": the coupon is being verified, or Redis was flushed.
            if (!state[0].IsNull && (long)state[0] <= 0 && await HoldersAsync(database, keys, reading, (long)state[1]) is { } holders)
            {
                // Not if the stock has changed meanwhile, or the fence has closed.
                if (
                    fence.Holds(reading.Term)
                    && _coupons.TryUpdate(keys.CouponId, new SoldOut(reading.Term, readAt, holders, (long)state[1]), reading)
                )
                    return;
            }
        }
#pragma warning disable CA1031 // The caller does not await this task, and a coupon left in the state "being read" would never be read again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.HoldersNotRead(Logger, keys.CouponId, exception);
        }

        _coupons.TryRemove(KeyValuePair.Create(keys.CouponId, reading));
    }

    private async Task<HolderFilter?> HoldersAsync(IDatabase database, CouponKeys keys, SoldOut reading, long lastOrdinal)
    {
        if (lastOrdinal == reading.LastOrdinal && reading.HoldersBefore is { } same)
            return same;
        if (lastOrdinal > options.SoldOutHolders)
            return null;
        var holders = new HolderFilter(lastOrdinal);
        await foreach (var user in database.HashScanAsync(keys.Users, pageSize: HoldersPageSize))
            holders.Add((long)user.Name);
        return holders;
    }

    // Holders is null while they are being read. A class and not a record: a reading that began before a change of the stock must not equal one that
    // began after it, even where both have read the same.
    private sealed class SoldOut(LeaseTerm term, long readAt, HolderFilter? holders, long lastOrdinal, HolderFilter? holdersBefore = null)
    {
        public LeaseTerm Term => term;

        public long ReadAt => readAt;

        public HolderFilter? Holders => holders;

        public long LastOrdinal => lastOrdinal;

        public HolderFilter? HoldersBefore => holdersBefore;
    }
}

using System.Collections.Concurrent;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>
/// Answers "sold out" without asking Redis, and stays exact: it remembers who holds a seat (nobody can join them while none is left), and those
/// are asked in Redis as ever, so that they hear "already issued". Forgotten after a short time, and at once where another instance says the stock
/// changed.
/// </summary>
internal sealed class SoldOutMemory(
    IConnectionMultiplexer redis,
    SeatMemory seats,
    IStockFence fence,
    IssuingOptions options,
    TimeProvider time,
    ILogger<SoldOutMemory> logger
) : BackgroundService
{
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(10);

    // The holders outlive the answer: as long as the last ordinal is the same, they need not be read again.
    private const int LifetimesOfHolders = 60;

    private readonly ConcurrentDictionary<long, Remembered> _coupons = new();
    private ChannelMessageQueue? _changes;

    /// <summary>Whether this user is certainly not getting one.</summary>
    public bool Refuses(long couponId, long userId, LeaseTerm term) =>
        _coupons.TryGetValue(couponId, out var coupon)
        && coupon.Term == term
        && coupon.Holders is { } holders
        && time.GetElapsedTime(coupon.ReadAt) < options.SoldOutMemory
        && Array.BinarySearch(holders, userId) < 0;

    /// <summary>The script said sold out: remember it, in the background, once at a time.</summary>
    public void Learn(CouponKeys keys, LeaseTerm term)
    {
        if (options.SoldOutMemory == TimeSpan.Zero)
            return;
        var before = _coupons.GetValueOrDefault(keys.CouponId);
        if (before is { Holders: null })
            return;

        // Who holds the seats is known from before only within one term of the lease.
        var known = before?.Term == term ? before : null;
        var reading = new Remembered(term, 0, null, known?.LastOrdinal ?? -1, known?.Holders);
        if (before is null ? _coupons.TryAdd(keys.CouponId, reading) : _coupons.TryUpdate(keys.CouponId, reading, before))
            _ = ReadAsync(keys, reading);
    }

    /// <summary>The stock changed.</summary>
    public void Forget(long couponId)
    {
        _coupons.TryRemove(couponId, out _);
        seats.Forget();
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Queued until Redis is there, and subscribed again by the client whenever it comes back.
        _changes = await redis.GetSubscriber().SubscribeAsync(CouponKeys.Changed);
        _changes.OnMessage(message => Forget((long)message.Message));
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_changes is not null)
            await _changes.UnsubscribeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                LetGo();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    // Whoever still asks for a sold-out coupon has it read again and again; the others would stay for good, with all their holders.
    private void LetGo()
    {
        foreach (var coupon in _coupons)
        {
            if (coupon.Value.Holders is not null && time.GetElapsedTime(coupon.Value.ReadAt) > LifetimesOfHolders * options.SoldOutMemory)
                _coupons.TryRemove(coupon);
        }
    }

    private async Task ReadAsync(CouponKeys keys, Remembered reading)
    {
        try
        {
            var database = redis.GetDatabase();
            var readAt = time.GetTimestamp();
            var state = await database.HashGetAsync(keys.State, [StateFields.Remaining, StateFields.Issued]);

            // A missing state is "not loaded", never "sold out": the coupon is being verified, or Redis was flushed.
            if (!state[0].IsNull && (long)state[0] <= 0 && await HoldersAsync(database, keys, reading, (long)state[1]) is { } holders)
            {
                // Only where nobody said meanwhile that the stock changed, and this Redis is still the one.
                if (
                    fence.Holds(reading.Term)
                    && _coupons.TryUpdate(keys.CouponId, new Remembered(reading.Term, readAt, holders, (long)state[1]), reading)
                )
                    return;
            }
        }
#pragma warning disable CA1031 // Whatever it was: nobody waits for this, and it must be tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.SoldOutNotRead(logger, keys.CouponId, exception);
        }

        _coupons.TryRemove(KeyValuePair.Create(keys.CouponId, reading));
    }

    private async Task<long[]?> HoldersAsync(IDatabase database, CouponKeys keys, Remembered reading, long lastOrdinal)
    {
        if (lastOrdinal == reading.LastOrdinal && reading.HoldersBefore is { } same)
            return same;
        if (lastOrdinal > options.SoldOutHolders)
            return null;
        var holders = new List<long>((int)lastOrdinal);
        await foreach (var user in database.HashScanAsync(keys.Users, pageSize: 1000))
            holders.Add((long)user.Name);
        holders.Sort();
        return [.. holders];
    }

    // Holders is null while they are being read: the dictionary then says that somebody does it. No record: a reading that began before the stock
    // changed
    // must not be taken for one that began afterwards, and may have read the same.
    private sealed class Remembered(LeaseTerm term, long readAt, long[]? holders, long lastOrdinal, long[]? holdersBefore = null)
    {
        public LeaseTerm Term => term;

        public long ReadAt => readAt;

        public long[]? Holders => holders;

        public long LastOrdinal => lastOrdinal;

        public long[]? HoldersBefore => holdersBefore;
    }
}

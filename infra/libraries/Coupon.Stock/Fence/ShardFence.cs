using System.Collections.Concurrent;
using System.Net;
using Coupon.Hosting.Background;
using Coupon.Stock.MySql;
using Coupon.Stock.Redis;
using Coupon.Stock.Shards;
using Coupon.Stock.Verification;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Coupon.Stock.Fence;

/// <summary>
/// Watches whether the Redis of a shard is still the one that was verified, and has it verified where it is not. docs/rebuild.md has the design.
/// </summary>
internal sealed class ShardFence : PeriodicService
{
    private static readonly StockScript _join = StockScript.Embedded(typeof(ShardFence).Assembly, "join.lua");

    private static readonly RedisValue[] _verified = [StateFields.Remaining, StateFields.Verified, StateFields.Shard];

    // Enough for an instance on a busy machine to look at the lock once.
    private const int StandBackRetries = 20;

    private readonly IConnectionMultiplexer _redis;
    private volatile Shard _shard;
    private volatile EndPoint? _primary;
    private readonly StockVerifier _verifier;
    private readonly InstanceHeartbeat _heartbeat;
    private readonly HandBack _handBack;
    private readonly HandedBackSeats _handedBackSeats;
    private readonly DatabaseFence _mySql;
    private readonly FenceScripts _scripts;
    private readonly VerificationOptions _options;
    private readonly Lease _lease;
    private readonly ConcurrentDictionary<long, byte> _doubtedCoupons = [];
    private readonly Lock _door = new();
    private Task _rebuilding = Task.CompletedTask;
    private bool _isClosed = true;
    private long _closings;
    private long _handedBack;
    private long _closedAt;
    private (long Epoch, long SeenAt) _unknown;
    private long? _elsewhereSince;
    private long _standsBackUntil = long.MinValue;

    public ShardFence(
        Shard shard,
        IConnectionMultiplexer redis,
        StockVerifier verifier,
        InstanceHeartbeat heartbeat,
        HandBack handBack,
        HandedBackSeats handedBackSeats,
        DatabaseFence mySql,
        FenceScripts scripts,
        VerificationOptions options,
        TimeProvider time,
        ILogger<StockFence> logger
    )
        : base(options.LookInterval, time, logger, startsAtOnce: true)
    {
        (_redis, _verifier, _heartbeat, _mySql, _scripts) = (redis, verifier, heartbeat, mySql, scripts);
        (_handBack, _handedBackSeats) = (handBack, handedBackSeats);
        (_shard, _lease, _options) = (shard, new Lease(shard.Name, time, options), options);
        _closedAt = time.GetTimestamp();
    }

    /// <summary>The shard, as it was seen last.</summary>
    public Shard Shard => _shard;

    /// <summary>The server that served its writes at the last look; null: none has yet.</summary>
    public EndPoint? Primary => _primary;

    /// <summary>Whether this instance may issue from the shard at this moment.</summary>
    public bool MayIssue => _lease.Enter().MayIssue;

    /// <summary>The term of this moment.</summary>
    public LeaseTerm Enter() => _lease.Enter();

    /// <summary>Whether a verification of the shard still waits for this instance, by its own clock.</summary>
    public bool IsWaitedFor => _lease.IsWaitedFor;

    /// <summary>The shard owns these slots now.</summary>
    public void Follow(Shard shard) => _shard = shard;

    /// <summary>Closes the fence until a look has shown that nothing has changed, or a verification has been made.</summary>
    public void Doubt(string reason)
    {
        // Also while it is closed: the current look is repeated.
        Close(reason, again: true);
        _heartbeat.Hurry();
        WakeUp();
    }

    /// <summary>Looks at once; what is on sale stays on sale meanwhile.</summary>
    public void LookAgain() => WakeUp();

    /// <summary>Has a coupon verified that the shard should have.</summary>
    public void DoubtCoupon(long couponId)
    {
        if (_doubtedCoupons.TryAdd(couponId, 0))
            WakeUp();
    }

    /// <summary>Closes the fence for good: the shard is no more.</summary>
    public void Leave() => Close($"there is no shard with slot {_shard.Name} any more");

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // Ends by itself once the program stops; what it failed with was logged.
        await Task.WhenAny(_rebuilding, Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken));
    }

    /// <inheritdoc />
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        Interval = _options.LookInterval;
        await LookAsync(stoppingToken);
        if (!MayIssue || (RebuildDoubtedCoupons(stoppingToken) && _rebuilding.IsCompleted))
            Interval = _options.RetryInterval;
    }

    /// <inheritdoc />
    protected override void Failed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);

        // Logged each time: a failure that lasts is written once a minute (OutageLogging).
        Log.CannotVerify(Logger, exception, exception.GetBaseException().Message);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!MayIssue)
            Close("the lease has ended");
        var began = Time.GetTimestamp();
        var closings = Interlocked.Read(ref _closings);
        var shard = _shard;
        FenceSight sight;
        try
        {
            sight = await FenceSight.ReadAsync(
                _redis,
                shard,
                _scripts.All,
                _heartbeat.RequiredVerification(shard),
                _heartbeat.Id,
                _options.ReplicaLag,
                _mySql.Doubt
            );
        }
        catch
        {
            Close("Redis does not answer");
            throw;
        }

        _primary = sight.Primary;

        var doubt = sight.Doubt ?? UnknownVerification(sight);
        if (doubt is not null)
            Close(doubt.Reason);
        await HandBackAsync(sight, cancellationToken);

        // Reset unless the doubt persists, so that the timeout of an earlier failover does not count for this one.
        if (doubt is not { IsAnotherRedis: true })
            _elsewhereSince = null;
        if (doubt is null)
            await RenewAsync(sight, began, closings);
        else
            await VerifyAsync(doubt, cancellationToken);
    }

    // The unconfirmed issuances go to the Redis that this instance reaches as soon as the fence closes, without being asked: later that may be
    // impossible.
    private async Task HandBackAsync(FenceSight sight, CancellationToken cancellationToken)
    {
        var closings = Interlocked.Read(ref _closings);
        if (Interlocked.Read(ref _handedBack) != closings && MayBeGivenUp(sight))
            _handBack.GivenUp();
        if (sight.Waiting > _heartbeat.Settled(_shard) && await _handBack.SettleInRedisAsync(_shard, sight.Waiting, _heartbeat.Id, cancellationToken))
        {
            _heartbeat.SettledFor(_shard, sight.Waiting);
            Log.HandedBack(Logger, sight.Waiting);
            Interlocked.Exchange(ref _handedBack, closings);
        }

        if (Interlocked.Read(ref _handedBack) == closings)
            return;
        await _handBack.UnaskedAsync(_shard, cancellationToken);
        Interlocked.Exchange(ref _handedBack, closings);
    }

    // It was frozen, or cut off: neither MySQL nor Redis says otherwise.
    private bool MayBeGivenUp(FenceSight sight) =>
        _heartbeat.ShownAt != long.MinValue
        && !_lease.IsWaitedFor
        && Time.GetElapsedTime(_heartbeat.ShownAt) > _options.LeaseTime + _options.WaitedForAfterLease
        && !sight.VouchesForInstance;

    private async Task RenewAsync(FenceSight sight, long began, long closings)
    {
        if (
            !_heartbeat.IsRegistered
            || _heartbeat.ShownAt == long.MinValue
            || !_heartbeat.IsSettled(_shard)
            || _heartbeat.Settled(_shard) < sight.Epoch
        )
            return;
        if (sight.HandedBack == 0 || sight.HandedBack < sight.Ended || sight.Replicas > sight.MostReplicas)
            await JoinAsync(sight);

        // The judge is MySQL, which shows whether another Redis is verified; where it is away for this instance, Redis with all its replicas. Redis
        // does not vouch for an instance that has not settled for the waiting verification, which may give up an instance that does not show itself
        // in MySQL.
        var isAway = _heartbeat.IsAway;
        if (!isAway || (sight.VouchesForInstance && _heartbeat.Settled(_shard) >= sight.Waiting))
        {
            var judgedAt = isAway ? began : Math.Min(began, _heartbeat.ShownAt);
            var until = judgedAt + (long)(_options.LeaseTime.TotalSeconds * Time.TimestampFrequency);
            if (_lease.TryRenew(until, sight.Epoch))
                return;

            // A doubt that was raised during the look needs another look, and an answer of MySQL from before the fence closed does not count.
            if (
                Interlocked.Read(ref _closings) != closings
                || Interlocked.Read(ref _handedBack) != closings
                || judgedAt < Interlocked.Read(ref _closedAt)
            )
                return;
            Open(until, sight.Epoch, closings);
            return;
        }

        Close("MySQL does not answer, and Redis lacks a replica or does not count this instance: another server may have become the primary");
    }

    private async Task JoinAsync(FenceSight sight) =>
        await _redis
            .GetDatabase()
            .ScriptEvaluateAsync(_join.Text, [_shard.Keys.Standing], [_heartbeat.Id, _heartbeat.Settled(_shard), sight.Replicas]);

    private async Task VerifyAsync(RedisDoubt doubt, CancellationToken cancellationToken)
    {
        // A verification needs MySQL; without it this instance would only hold the lock that another one needs.
        if (!_heartbeat.IsRegistered || _heartbeat.IsAway || _heartbeat.ShownAt < Interlocked.Read(ref _closedAt))
            return;
        if (await MayHaveBeenReplacedAsync(doubt))
            return;
        var isDone = await VerifiedAsync(
            () => _verifier.VerifyEverythingAsync(_shard, _scripts.All, doubt.Reason, _heartbeat.RequiredVerification(_shard), cancellationToken),
            cancellationToken
        );
        if (isDone)
            WakeUp();
    }

    // False: another one verifies, or is left the lock. The cause of a failure may be this instance's alone, such as a Kafka that only it cannot
    // reach: the others, which look at the lock in every RetryInterval, take it first then.
    private async Task<bool> VerifiedAsync(Func<Task<VerificationReport?>> verify, CancellationToken cancellationToken)
    {
        if (Time.GetTimestamp() < Interlocked.Read(ref _standsBackUntil))
            return false;
        try
        {
            return await verify() is not null;
        }
        catch (Exception exception) when (exception is not VerificationInterruptedException && !cancellationToken.IsCancellationRequested)
        {
            var pause = (long)(StandBackRetries * _options.RetryInterval.TotalSeconds * Time.TimestampFrequency);
            Interlocked.Exchange(ref _standsBackUntil, Time.GetTimestamp() + pause);
            throw;
        }
    }

    // MySQL shows a verification to every instance before it ends: a verification that MySQL does not know afterwards was forgotten.
    private RedisDoubt? UnknownVerification(FenceSight sight)
    {
        if (sight.Epoch <= _heartbeat.RequiredVerification(_shard))
            return null;
        if (_unknown.Epoch != sight.Epoch)
            _unknown = (sight.Epoch, Time.GetTimestamp());
        return _heartbeat.ShownAt > _unknown.SeenAt
            ? new($"MySQL does not know verification {sight.Epoch}, which Redis was made with: it went back, or is another one")
            : null;
    }

    // Two servers may both believe to be the primary: the one that was verified last counts. The other one is not verified, or each would take the
    // coupons off sale in turn, unless it is still there after the time in which its clients must have noticed.
    private async Task<bool> MayHaveBeenReplacedAsync(RedisDoubt doubt)
    {
        if (!doubt.IsAnotherRedis)
            return false;
        _elsewhereSince ??= Time.GetTimestamp();
        if (Time.GetElapsedTime(_elsewhereSince.Value) >= _options.LeaseBound)
            return false;
        await _redis.ConfigureAsync();
        return true;
    }

    // Runs beside the looks: the lease goes on for all other coupons, however long a verification waits. Returns whether there is anything to do.
    private bool RebuildDoubtedCoupons(CancellationToken cancellationToken)
    {
        if (_rebuilding.IsCompleted && !_heartbeat.IsAway)
            _rebuilding = TryRebuildAsync(_lease.Enter(), cancellationToken);
        return !_doubtedCoupons.IsEmpty;
    }

    private async Task TryRebuildAsync(LeaseTerm term, CancellationToken cancellationToken)
    {
        try
        {
            await VerifyDoubtedCouponsAsync(term, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(exception);
        }
    }

    private async Task VerifyDoubtedCouponsAsync(LeaseTerm term, CancellationToken cancellationToken)
    {
        // A flush takes all coupons, so the missing ones are verified together.
        var shard = _shard;
        var doubted = _doubtedCoupons.Keys.ToList();
        foreach (var couponId in doubted.Where(couponId => !shard.Covers(couponId)))
            _doubtedCoupons.TryRemove(couponId, out _);
        doubted.RemoveAll(couponId => !shard.Covers(couponId));
        var states = await Task.WhenAll(doubted.Select(couponId => _redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).State, _verified)));
        var missing = new List<long>();
        foreach (var (couponId, state) in doubted.Zip(states))
        {
            if (!state[0].IsNull && term.Admits(state[1], state[2]))
                _doubtedCoupons.TryRemove(couponId, out _);
            else
                missing.Add(couponId);
        }

        // What an instance has handed back that was given up.
        var handedBack = (await _handedBackSeats.CouponsAsync(cancellationToken)).Where(shard.Covers).Except(missing).ToList();
        if (missing.Count + handedBack.Count == 0)
            return;
        var reason =
            missing.Count > 0 ? "Redis does not have them as of the last verification" : "an instance that had been given up has handed back seats";
        var isDone = await VerifiedAsync(() => _verifier.RebuildAsync([.. missing, .. handedBack], reason, cancellationToken), cancellationToken);
        if (!isDone)
            return;
        foreach (var couponId in missing)
            _doubtedCoupons.TryRemove(couponId, out _);
    }

    private string What => _shard.Slots is null ? "The stock" : $"The shard with slot {_shard.Name}";

    private void Open(long until, long epoch, long closings)
    {
        lock (_door)
        {
            if (_closings != closings)
                return;
            _isClosed = false;
            _lease.Open(until, epoch);
        }

        Log.FenceOpened(Logger, What);
    }

    private void Close(string reason, bool again = false)
    {
        bool wasOpen;
        lock (_door)
        {
            wasOpen = !_isClosed;
            if (!wasOpen && !again)
                return;
            _isClosed = true;
            _lease.Close();
            Interlocked.Exchange(ref _closedAt, Time.GetTimestamp());
            Interlocked.Increment(ref _closings);
        }

        if (wasOpen)
            Log.FenceClosed(Logger, What, reason);
    }
}

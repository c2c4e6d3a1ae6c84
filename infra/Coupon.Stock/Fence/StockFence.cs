using System.Collections.Concurrent;
using Coupon.Stock.MySql;
using Coupon.Stock.Verification;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Coupon.Stock.Fence;

/// <summary>
/// Watches whether Redis is still the one that was verified, and has it verified where it is not. docs/rebuild.md has the whole design.
/// </summary>
internal sealed class StockFence : BackgroundService, IStockFence
{
    private static readonly StockScript _join = StockScript.Embedded(typeof(StockFence).Assembly, "join.lua");

    private readonly IConnectionMultiplexer _redis;
    private readonly StockVerifier _verifier;
    private readonly InstanceHeartbeat _heartbeat;
    private readonly HandBack _handBack;
    private readonly DatabaseFence _mySql;
    private readonly FenceScripts _scripts;
    private readonly VerificationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<StockFence> _logger;
    private readonly Lease _lease;
    private readonly ConcurrentDictionary<long, byte> _doubtedCoupons = [];
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Lock _door = new();
    private Task _rebuilding = Task.CompletedTask;
    private Task _flushing = Task.CompletedTask;
    private bool _isClosed = true;
    private long _closings;
    private long _handedBack;
    private long _closedAt;
    private (long Epoch, long SeenAt) _unknown;
    private long? _elsewhereSince;

    public StockFence(
        IConnectionMultiplexer redis,
        StockVerifier verifier,
        InstanceHeartbeat heartbeat,
        HandBack handBack,
        DatabaseFence mySql,
        FenceScripts scripts,
        IOptions<VerificationOptions> options,
        TimeProvider time,
        ILogger<StockFence> logger
    )
    {
        (_redis, _verifier, _heartbeat, _handBack, _mySql, _scripts) = (redis, verifier, heartbeat, handBack, mySql, scripts);
        (_options, _time, _logger) = (options.Value, time, logger);
        _lease = new Lease(time);
        _closedAt = time.GetTimestamp();
        mySql.Doubted += Doubt;
        heartbeat.Doubted += Doubt;
        redis.ConnectionFailed += (_, _) => Doubt("the connection to Redis was lost");
        redis.ConfigurationChanged += (_, _) => Doubt("the servers of Redis have changed");
        redis.ConnectionRestored += (_, _) => Doubt("the connection to Redis was restored");
    }

    /// <inheritdoc />
    public bool IsOpen => _lease.Enter().IsOpen;

    /// <inheritdoc />
    public LeaseTerm Enter() => _lease.Enter();

    /// <inheritdoc />
    public bool Holds(LeaseTerm term) => _lease.Holds(term);

    /// <inheritdoc />
    public void Doubt(string reason)
    {
        // Also where it is closed: what is being looked at is looked at again.
        Close(reason, again: true);
        _heartbeat.Hurry();
        WakeUp();
    }

    /// <inheritdoc />
    public void DoubtCoupon(long couponId)
    {
        if (_doubtedCoupons.TryAdd(couponId, 0))
            WakeUp();
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _signal.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var pause = _options.LookInterval;
                try
                {
                    await LookAsync(stoppingToken);
                    if (!IsOpen)
                        pause = _options.RetryInterval;
                    else if (RebuildDoubtedCoupons(stoppingToken) && _rebuilding.IsCompleted)
                        pause = _options.RetryInterval;
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whatever it is, the next look tries again: without this loop nothing would ever be sold again.
                    Say(exception);
                }

                await _signal.WaitAsync(pause, stoppingToken);
            }
        }
        finally
        {
            await _rebuilding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _flushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!IsOpen)
            Close("the lease has ended");
        var began = _time.GetTimestamp();
        var closings = Interlocked.Read(ref _closings);

        // Beside the look: a replica that hangs must not hold up the lease.
        if (_flushing.IsCompleted)
            _flushing = ScriptLoading.FlushReplicasAsync(_redis);
        FenceSight sight;
        try
        {
            sight = await FenceLook.ReadAsync(
                _redis,
                _scripts.All,
                _heartbeat.RequiredVerification,
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

        var doubt = sight.Doubt ?? UnknownVerification(sight);
        if (doubt is not null)
            Close(doubt.Reason);
        await HandBackAsync(sight, cancellationToken);

        // Since when, without a break: a time that an earlier failover left behind would let the next one be judged at once.
        if (doubt is not { IsAnotherRedis: true })
            _elsewhereSince = null;
        if (doubt is null)
            await RenewAsync(sight, began, closings);
        else
            await VerifyAsync(doubt, cancellationToken);
    }

    // What this instance answers for goes to the Redis that it reaches as soon as the fence closes, whether or not anybody asks: that may be
    // impossible later.
    private async Task HandBackAsync(FenceSight sight, CancellationToken cancellationToken)
    {
        var closings = Interlocked.Read(ref _closings);
        if (sight.Waiting > _heartbeat.Settled && await _handBack.SettleInRedisAsync(sight.Waiting, _heartbeat.Id, cancellationToken))
        {
            _heartbeat.SettledFor(sight.Waiting);
            Log.HandedBack(_logger, sight.Waiting);
            Interlocked.Exchange(ref _handedBack, closings);
        }

        if (Interlocked.Read(ref _handedBack) == closings)
            return;
        await _handBack.UnaskedAsync(cancellationToken);
        Interlocked.Exchange(ref _handedBack, closings);
    }

    private async Task RenewAsync(FenceSight sight, long began, long closings)
    {
        if (!_heartbeat.IsRegistered || _heartbeat.ShownAt == long.MinValue || !_heartbeat.IsSettled || _heartbeat.Settled < sight.Epoch)
            return;
        if (sight.HandedBack == 0 || sight.HandedBack < sight.Ended || sight.Replicas > sight.MostReplicas)
            await JoinAsync(sight);

        // The judge is MySQL, which shows whether another Redis is verified; where it is away for this instance, Redis with all its replicas.
        // It vouches for nobody who has not answered the verification that waits: that one may give up whoever does not show itself in MySQL.
        var isAway = _heartbeat.IsAway;
        if (!isAway || (sight.VouchesForInstance && _heartbeat.Settled >= sight.Waiting))
        {
            var judgedAt = isAway ? began : Math.Min(began, _heartbeat.ShownAt);
            var until = judgedAt + (long)(_options.LeaseTime.TotalSeconds * _time.TimestampFrequency);
            if (_lease.TryRenew(until, sight.Epoch))
                return;

            // What was doubted while we looked is looked at again, and what MySQL said before the fence closed does not count any more.
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
        await _redis.GetDatabase().ScriptEvaluateAsync(_join.Text, [CouponKeys.Standing], [_heartbeat.Id, _heartbeat.Settled, sight.Replicas]);

    private async Task VerifyAsync(FenceDoubt doubt, CancellationToken cancellationToken)
    {
        // Without MySQL it cannot be done, and would only hold the lock that another instance needs.
        if (!_heartbeat.IsRegistered || _heartbeat.IsAway || _heartbeat.ShownAt < Interlocked.Read(ref _closedAt))
            return;
        if (await MayHaveBeenReplacedAsync(doubt))
            return;
        if (await _verifier.VerifyEverythingAsync(_scripts.All, doubt.Reason, _heartbeat.RequiredVerification, cancellationToken) is null)
            return;
        WakeUp();
    }

    // A verification waits until MySQL has shown it to every instance: one that MySQL does not know afterwards, it has forgotten.
    private FenceDoubt? UnknownVerification(FenceSight sight)
    {
        if (sight.Epoch <= _heartbeat.RequiredVerification)
            return null;
        if (_unknown.Epoch != sight.Epoch)
            _unknown = (sight.Epoch, _time.GetTimestamp());
        return _heartbeat.ShownAt > _unknown.SeenAt
            ? new($"MySQL does not know verification {sight.Epoch}, which Redis was made with: it went back, or is another one")
            : null;
    }

    // Of two that both think they are the primary, the one that was verified last is the one. The other is not verified against it, or each would
    // take the
    // coupons off the other in turn, unless it is still there when whoever was connected to it must have noticed.
    private async Task<bool> MayHaveBeenReplacedAsync(FenceDoubt doubt)
    {
        if (!doubt.IsAnotherRedis)
            return false;
        _elsewhereSince ??= _time.GetTimestamp();
        if (_time.GetElapsedTime(_elsewhereSince.Value) >= _options.LeaseBound)
            return false;
        await _redis.ConfigureAsync();
        return true;
    }

    // Beside the looks: the lease goes on for all other coupons, however long a verification waits. Returns whether there is anything to do.
    private bool RebuildDoubtedCoupons(CancellationToken cancellationToken)
    {
        if (_doubtedCoupons.IsEmpty)
            return false;
        if (_rebuilding.IsCompleted && !_heartbeat.IsAway)
            _rebuilding = TryRebuildAsync(_lease.Enter(), cancellationToken);
        return true;
    }

    private async Task TryRebuildAsync(LeaseTerm term, CancellationToken cancellationToken)
    {
        try
        {
            await VerifyDoubtedCouponsAsync(term.Epoch, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Say(exception);
        }
    }

    private async Task VerifyDoubtedCouponsAsync(long epoch, CancellationToken cancellationToken)
    {
        // A flush takes all coupons: whatever is missing is verified together.
        var missing = new List<long>();
        foreach (var couponId in _doubtedCoupons.Keys)
        {
            var verified = await _redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).State, [StateFields.Remaining, StateFields.Verified]);
            if (!verified[0].IsNull && (long)verified[1] >= epoch)
                _doubtedCoupons.TryRemove(couponId, out _);
            else
                missing.Add(couponId);
        }

        if (missing.Count == 0)
            return;
        if (await _verifier.RebuildAsync(missing, "Redis does not have them as of the last verification", cancellationToken) is null)
            return;
        foreach (var couponId in missing)
            _doubtedCoupons.TryRemove(couponId, out _);
    }

    private void Open(long until, long epoch, long closings)
    {
        lock (_door)
        {
            if (_closings != closings)
                return;
            _isClosed = false;
            _lease.Open(until, epoch);
        }

        Log.FenceOpened(_logger);
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
            Interlocked.Exchange(ref _closedAt, _time.GetTimestamp());
            Interlocked.Increment(ref _closings);
        }

        if (wasOpen)
            Log.FenceClosed(_logger, reason);
    }

    // Said each time: what lasts is written once a minute (OutageLogging).
    private void Say(Exception exception) => Log.CannotVerify(_logger, exception, exception.GetBaseException().Message);

    private void WakeUp()
    {
        if (_signal.CurrentCount == 0)
            _signal.Release();
    }
}

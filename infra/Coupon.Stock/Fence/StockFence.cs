using System.Collections.Concurrent;
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
    private readonly IConnectionMultiplexer _redis;
    private readonly StockVerifier _verifier;
    private readonly InstanceHeartbeat _heartbeat;
    private readonly FenceScripts _scripts;
    private readonly VerificationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<StockFence> _logger;
    private readonly ConcurrentDictionary<long, byte> _doubtedCoupons = [];
    private readonly SemaphoreSlim _signal = new(0);
    private volatile bool _isOpen;
    private long _doubts;
    private long? _elsewhereSince;

    public StockFence(
        IConnectionMultiplexer redis, StockVerifier verifier, InstanceHeartbeat heartbeat, FenceScripts scripts, IOptions<VerificationOptions> options, TimeProvider time,
        ILogger<StockFence> logger)
    {
        (_redis, _verifier, _heartbeat, _scripts, _options, _time, _logger) = (redis, verifier, heartbeat, scripts, options.Value, time, logger);
        heartbeat.Doubted += Doubt;
        redis.ConnectionFailed += (_, _) => Doubt("the connection to Redis was lost");
        redis.ConfigurationChanged += (_, _) => Doubt("the servers of Redis have changed");
        redis.ConnectionRestored += (_, _) => Doubt("the connection to Redis was restored");
    }

    /// <inheritdoc />
    public bool IsOpen => _isOpen;

    /// <inheritdoc />
    public void Doubt(string reason)
    {
        Interlocked.Increment(ref _doubts);
        if (_isOpen) Log.FenceClosed(_logger, reason);
        _isOpen = false;
        WakeUp();
    }

    /// <inheritdoc />
    public void DoubtCoupon(long couponId)
    {
        if (_doubtedCoupons.TryAdd(couponId, 0)) WakeUp();
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
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = _options.WatchInterval;
            try
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
                if (_isOpen) await VerifyDoubtedCouponsAsync(stoppingToken).ConfigureAwait(false);
                if (!_isOpen || !_doubtedCoupons.IsEmpty) pause = _options.RetryInterval;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the next look tries again: without this loop nothing would ever be sold again.
                // Said each time: what lasts is written once a minute (OutageLogging).
                Log.CannotVerify(_logger, exception, exception.GetBaseException().Message);
            }

            await _signal.WaitAsync(pause, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var doubts = Interlocked.Read(ref _doubts);
        FenceDoubt? doubt;
        try
        {
            doubt = await FenceLook.DoubtAsync(_redis, _scripts.All, _heartbeat.RequiredVerification).ConfigureAwait(false);
        }
        catch
        {
            _isOpen = false;
            throw;
        }

        // Since when, without a break: a time that an earlier failover left behind would let the next one be judged at once.
        if (doubt is not { IsAnotherRedis: true }) _elsewhereSince = null;

        if (doubt is not null)
        {
            if (_isOpen) Log.FenceClosed(_logger, doubt.Reason);
            _isOpen = false;
            if (!_heartbeat.IsRegistered || await MayHaveBeenReplacedAsync(doubt).ConfigureAwait(false)) return;
            if (await _verifier.VerifyEverythingAsync(_scripts.All, doubt.Reason, cancellationToken).ConfigureAwait(false) is null) return;
            WakeUp();
        }
        else if (!_isOpen && _heartbeat is { IsRegistered: true, IsSettled: true })
        {
            _isOpen = true;

            // What was doubted while we looked is looked at again.
            if (Interlocked.Read(ref _doubts) == doubts) Log.FenceOpened(_logger);
            else _isOpen = false;
        }
    }

    // Of two that both think they are the primary, the one that was verified last is the one. The other is not verified against it, or each would take the
    // coupons off the other in turn, unless it is still there when whoever was connected to it must have noticed.
    private async Task<bool> MayHaveBeenReplacedAsync(FenceDoubt doubt)
    {
        if (!doubt.IsAnotherRedis) return false;
        _elsewhereSince ??= _time.GetTimestamp();
        if (_time.GetElapsedTime(_elsewhereSince.Value) >= _options.SettleTimeout) return false;
        await _redis.ConfigureAsync().ConfigureAwait(false);
        return true;
    }

    private async Task VerifyDoubtedCouponsAsync(CancellationToken cancellationToken)
    {
        if (_doubtedCoupons.IsEmpty) return;

        // A flush takes all coupons: whatever is missing is verified together.
        var missing = new List<long>();
        foreach (var couponId in _doubtedCoupons.Keys)
        {
            if (await _redis.GetDatabase().KeyExistsAsync(new CouponKeys(couponId).State).ConfigureAwait(false)) _doubtedCoupons.TryRemove(couponId, out _);
            else missing.Add(couponId);
        }

        if (missing.Count == 0 || await _verifier.RebuildAsync(missing, "Redis does not have them", cancellationToken).ConfigureAwait(false) is null) return;
        foreach (var couponId in missing) _doubtedCoupons.TryRemove(couponId, out _);
    }

    private void WakeUp()
    {
        if (_signal.CurrentCount == 0) _signal.Release();
    }
}

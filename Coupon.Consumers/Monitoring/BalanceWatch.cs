using System.Diagnostics.Metrics;
using Coupon.Consumers.Telemetry;
using Coupon.Hosting.Background;
using Coupon.Stock;
using Coupon.Stock.Balance;
using StackExchange.Redis;

namespace Coupon.Consumers.Monitoring;

/// <summary>
/// Reads the balances, and shows the seats that are not accounted for as <c>coupon_balance_drift</c>, by coupon; 0: the books balance. One instance
/// reads and shows them; the others get its last reading for the overview, since a reading for each request would read the rows of every coupon
/// again.
/// </summary>
internal sealed class BalanceWatch : PeriodicService
{
    private readonly BalanceReader _reader;
    private readonly WatchTurn _turn;
    private readonly long _mostUnread;
    private volatile ReadBalances? _last;
    private volatile int _failures;
    private volatile bool _isOurTurn;

    public BalanceWatch(
        BalanceReader reader,
        IConnectionMultiplexer redis,
        BalanceWatchOptions options,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<BalanceWatch> logger
    )
        : base(options.Interval, time, logger)
    {
        (_reader, _turn, _mostUnread) = (reader, new WatchTurn(redis, "balances", options.Interval), options.MostUnread);
        var meter = meters.Create(ConsumerMetrics.MeterName);
        meter.CreateObservableGauge(
            "coupon.balance.unreadable",
            () => _isOurTurn ? [new Measurement<int>(_failures)] : Array.Empty<Measurement<int>>(),
            null,
            "Consecutive failed readings of the balances, shown by the instance that reads them; 0: they can be read."
        );
        meter.CreateObservableGauge(
            "coupon.balance.drift",
            () =>
                ((_isOurTurn ? _last : null)?.Balances ?? []).Select(balance => new Measurement<long>(
                    balance.Drift,
                    new KeyValuePair<string, object?>("coupon", balance.CouponId)
                )),
            null,
            "Seats that are not accounted for, shown by the instance that reads the balances; 0: the books balance."
        );
    }

    /// <summary>The last reading; null: there is none, or the last one failed. Before the first one, asks for it now.</summary>
    public ReadBalances? Last()
    {
        if (_last is null && _failures == 0)
            WakeUp();
        return _last;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _turn.ReleaseAsync();
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        _isOurTurn = await _turn.TryTakeAsync();
        if (!_isOurTurn)
        {
            (_last, _failures) = (await _turn.SharedAsync<ReadBalances>(), 0);
            return;
        }

        try
        {
            await ReadAsync(stoppingToken);
        }
        catch
        {
            // Another instance may reach what this one does not.
            await _turn.ReleaseAsync();
            throw;
        }
    }

    // A server is away, consumers are far behind, or messages were deleted by retention before they were read. No drift is shown then, since the last
    // one may be wrong by now.
    protected override void Failed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _last = null;
        _failures++;
        Log.BalanceCannotBeRead(Logger, exception, exception.GetBaseException().Message);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var balances = new List<CouponBalance>();
        Exception? failure = null;
        var groups = await _reader.GroupsAsync(await _reader.CurrentCouponsAsync(cancellationToken));
        foreach (var coupons in groups)
        {
            try
            {
                balances.AddRange(await _reader.ReadAsync(coupons, _mostUnread, cancellationToken));
            }
            catch (Exception exception) when (groups.Count > 1 && RedisFailure.Is(exception))
            {
                // A shard of a cluster is away: the coupons of the others are watched all the same.
                failure = exception;
            }
        }

        _last = new ReadBalances(Time.GetUtcNow(), balances);
        _failures = failure is null ? 0 : _failures + 1;
        await _turn.ShareAsync(_last);
        if (failure is not null)
            Log.BalanceCannotBeRead(Logger, failure, failure.GetBaseException().Message);
        foreach (var wrong in balances.Where(balance => balance.Drift != 0))
            Log.BooksDoNotBalance(Logger, wrong.CouponId, wrong.Drift);
    }
}

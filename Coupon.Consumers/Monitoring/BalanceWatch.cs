using System.Diagnostics.Metrics;
using Coupon.Consumers.Telemetry;
using Coupon.Hosting.Background;
using Coupon.Stock.Balance;

namespace Coupon.Consumers.Monitoring;

/// <summary>
/// Reads the balances, and shows the seats that are not accounted for as <c>coupon_balance_drift</c>, by coupon; 0: the books balance.
/// </summary>
internal sealed class BalanceWatch : PeriodicService
{
    private readonly BalanceReader _reader;
    private readonly long _mostUnread;
    private volatile IReadOnlyList<CouponBalance> _balances = [];
    private volatile int _failures;

    public BalanceWatch(BalanceReader reader, BalanceWatchOptions options, IMeterFactory meters, TimeProvider time, ILogger<BalanceWatch> logger)
        : base(options.Interval, time, logger)
    {
        (_reader, _mostUnread) = (reader, options.MostUnread);
        var meter = meters.Create(ConsumerMetrics.MeterName);
        meter.CreateObservableGauge(
            "coupon.balance.unreadable",
            () => _failures,
            null,
            "Consecutive failed readings of the balances; 0: they can be read."
        );
        meter.CreateObservableGauge(
            "coupon.balance.drift",
            () => _balances.Select(balance => new Measurement<long>(balance.Drift, new KeyValuePair<string, object?>("coupon", balance.CouponId))),
            null,
            "Seats that are not accounted for; 0: the books balance."
        );
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        _balances = await _reader.ReadAsync(await _reader.CurrentCouponsAsync(stoppingToken), _mostUnread, stoppingToken);
        _failures = 0;
        foreach (var wrong in _balances.Where(balance => balance.Drift != 0))
            Log.BooksDoNotBalance(Logger, wrong.CouponId, wrong.Drift);
    }

    // A server is away, consumers are far behind, or messages were deleted by retention before they were read. No drift is shown then, since the last
    // one may be wrong by now.
    protected override void Failed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _balances = [];
        _failures++;
        Log.BalanceCannotBeRead(Logger, exception, exception.GetBaseException().Message);
    }
}

using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using Coupon.Consumers.Consumption;
using Coupon.Stock.Balance;
using Microsoft.Extensions.Options;

namespace Coupon.Consumers.Stock;

/// <summary>Section <c>Balance</c>.</summary>
internal sealed class BalanceWatchOptions
{
    /// <summary>How often the balances of all coupons that are not over are read. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Where more messages than this are unread, the balances are not watched, and the log says so: each time, all of them would be read from the
    /// broker.
    /// Default 1,000,000. The command <c>balance</c> and the console read all the same.
    /// </summary>
    [Range(1_000, long.MaxValue)]
    public long MostUnread { get; set; } = 1_000_000;
}

/// <summary>Reads the balances now and then and shows how far they are off: <c>coupon_balance_drift</c>, by coupon; 0 is well.</summary>
internal sealed class BalanceWatch : BackgroundService
{
    private readonly BalanceReader _reader;
    private readonly TimeSpan _interval;
    private readonly long _mostUnread;
    private readonly TimeProvider _time;
    private readonly ILogger<BalanceWatch> _log;
    private volatile IReadOnlyList<CouponBalance> _balances = [];
    private volatile int _failures;

    public BalanceWatch(
        BalanceReader reader,
        IOptions<BalanceWatchOptions> options,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<BalanceWatch> log
    )
    {
        (_reader, _interval, _mostUnread, _time, _log) = (reader, options.Value.Interval, options.Value.MostUnread, time, log);
        var meter = meters.Create(ConsumerMetrics.MeterName);
        meter.CreateObservableGauge(
            "coupon.balance.unreadable",
            () => _failures,
            null,
            "Looks at the balances that failed, in a row; 0: they are read."
        );
        meter.CreateObservableGauge(
            "coupon.balance.drift",
            () => _balances.Select(balance => new Measurement<long>(balance.Drift, new KeyValuePair<string, object?>("coupon", balance.CouponId))),
            null,
            "Seats that are not accounted for; 0: the books balance."
        );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                _balances = await _reader.ReadAsync(await _reader.CurrentCouponsAsync(stoppingToken), _mostUnread, stoppingToken);
                _failures = 0;
                foreach (var wrong in _balances.Where(balance => balance.Drift != 0))
                    _log.BooksDoNotBalance(wrong.CouponId, wrong.Drift);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A server is away, consumers are far behind, or retention has taken what they had not read: an old figure would say more than is
                // known.
                _balances = [];
                _failures++;
                _log.BalanceCannotBeRead(exception, exception.GetBaseException().Message);
            }
        }
    }
}

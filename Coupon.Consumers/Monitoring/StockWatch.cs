using System.Diagnostics.Metrics;
using Coupon.Consumers.Telemetry;
using Coupon.Hosting.Background;
using Coupon.Stock.Balance;
using StackExchange.Redis;

namespace Coupon.Consumers.Monitoring;

/// <summary>Shows what Redis holds of each coupon: what is left, and what waits for Kafka. One instance reads and shows it at a time.</summary>
internal sealed class StockWatch : PeriodicService
{
    // As often as Prometheus asks in the deployments of this repository.
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    private readonly IConnectionMultiplexer _redis;
    private readonly WatchTurn _turn;
    private volatile IReadOnlyList<StockLevel>? _last;

    public StockWatch(IConnectionMultiplexer redis, IMeterFactory meters, TimeProvider time, ILogger<StockWatch> logger)
        : base(_interval, time, logger, startsAtOnce: true)
    {
        (_redis, _turn) = (redis, new WatchTurn(redis, "stock", _interval));
        var meter = meters.Create(ConsumerMetrics.MeterName);
        meter.CreateObservableGauge(
            "coupon.stock.remaining",
            () => (_last ?? []).Where(level => level.Remaining is not null).Select(level => Of(level, level.Remaining!.Value)),
            "{seat}",
            "Seats that are left to give out, by coupon."
        );
        meter.CreateObservableGauge(
            "coupon.stock.off_sale",
            () => _last is { } levels ? [new Measurement<int>(levels.Count(level => level.Remaining is null))] : Array.Empty<Measurement<int>>(),
            "{coupon}",
            "Coupons that sell nothing since they are being verified."
        );
        meter.CreateObservableGauge(
            "coupon.outbox.entries",
            () => (_last ?? []).Select(level => Of(level, level.Outbox)),
            "{entry}",
            "Issuances that wait in Redis for Kafka's acknowledgement, by coupon."
        );
        meter.CreateObservableGauge(
            "coupon.outbox.oldest_age",
            () => (_last ?? []).Select(level => Of(level, level.OldestAge.TotalSeconds)),
            "s",
            "How long the oldest of them has waited; 0 where none waits."
        );
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _turn.ReleaseAsync();
    }

    protected override async Task RunAsync(CancellationToken stoppingToken) =>
        _last = await _turn.TryTakeAsync() ? await StockLevel.ReadAsync(_redis, Time.GetUtcNow()) : null;

    // No figure is shown then: the last one may be wrong by now, and a Redis that is away has an alert of its own.
    protected override void Failed(Exception exception)
    {
        _last = null;
        Log.StockUnknown(Logger, exception.Message);
    }

    private static Measurement<T> Of<T>(StockLevel level, T value)
        where T : struct => new(value, new KeyValuePair<string, object?>("coupon", level.CouponId));
}

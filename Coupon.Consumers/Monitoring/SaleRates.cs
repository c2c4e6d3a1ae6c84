using System.Collections.Concurrent;
using Coupon.Consumers.Telemetry;
using Coupon.Hosting.Background;
using Coupon.Stock;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Consumers.Monitoring;

/// <summary>
/// Samples the counts of the open coupons every two seconds, for the rates of the overview, while somebody looks at it: thousands of coupons that
/// nobody looks at would keep every instance busy.
/// </summary>
internal sealed class SaleRates(MySqlDataSource database, IConnectionMultiplexer redis, TimeProvider time, ILogger<SaleRates> logger)
    : PeriodicService(TimeSpan.FromSeconds(2), time, logger, startsAtOnce: true)
{
    private const int MostCoupons = 1000;

    // A page that is open asks every few seconds.
    private static readonly TimeSpan _interest = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, (Sample Before, Sample Now)> _samples = new();
    private long _askedAt = long.MinValue;

    private bool IsAsked => Interlocked.Read(ref _askedAt) is var at && at != long.MinValue && Time.GetElapsedTime(at) < _interest;

    /// <summary>Issuances accepted and written a second; null: there are no two samples yet, as for who is the first to look.</summary>
    public (double Accepted, double Persisted)? Of(long couponId)
    {
        var isFirst = !IsAsked;
        Interlocked.Exchange(ref _askedAt, Time.GetTimestamp());
        if (isFirst)
            WakeUp();
        if (!_samples.TryGetValue(couponId, out var pair) || pair.Before == pair.Now)
            return null;
        var seconds = Time.GetElapsedTime(pair.Before.At, pair.Now.At).TotalSeconds;
        return (Math.Max(0, pair.Now.Issued - pair.Before.Issued) / seconds, Math.Max(0, pair.Now.Persisted - pair.Before.Persisted) / seconds);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!IsAsked)
        {
            // Rates of what happened meanwhile would be an average since then.
            _samples.Clear();
            return;
        }

        var written = await PersistedAsync(stoppingToken);
        var stock = redis.GetDatabase();

        // All at once: one after the other they would wait for as many round trips.
        var issued = await Task.WhenAll(written.Select(coupon => stock.HashGetAsync(new CouponKeys(coupon.Id).State, StateFields.Issued)));
        var now = Time.GetTimestamp();
        foreach (var ((couponId, persisted), decided) in written.Zip(issued))
        {
            var sample = new Sample(now, (long?)decided ?? 0, persisted);
            _samples.AddOrUpdate(couponId, (sample, sample), (_, pair) => (pair.Now, sample));
        }
    }

    private async Task<IReadOnlyList<(long Id, long Persisted)>> PersistedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(long Id, long Persisted)>(
            new CommandDefinition(
                "SELECT id, issued_quantity FROM coupons WHERE closed_at IS NULL AND (closes_at IS NULL OR closes_at > UTC_TIMESTAMP(3)) "
                    + "ORDER BY id DESC LIMIT @MostCoupons",
                new { MostCoupons },
                cancellationToken: cancellationToken
            )
        );
        return [.. rows];
    }

    // Rates from before the failure would be wrong.
    protected override void Failed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _samples.Clear();
        Log.RatesUnknown(Logger, exception.GetBaseException().Message);
    }

    private readonly record struct Sample(long At, long Issued, long Persisted);
}

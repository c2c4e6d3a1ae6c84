using System.Collections.Concurrent;
using Coupon.Consumers.Telemetry;
using Coupon.Hosting.Background;
using Coupon.Stock;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Consumers.Monitoring;

/// <summary>Samples the counts of the open coupons every two seconds, for the rates of the overview.</summary>
internal sealed class SaleRates(MySqlDataSource database, IConnectionMultiplexer redis, TimeProvider time, ILogger<SaleRates> logger)
    : PeriodicService(TimeSpan.FromSeconds(2), time, logger, startsAtOnce: true)
{
    private const int MostCoupons = 200;

    private readonly ConcurrentDictionary<long, (Sample Before, Sample Now)> _samples = new();

    /// <summary>Issuances accepted and written a second; null: there are no two samples yet.</summary>
    public (double Accepted, double Persisted)? Of(long couponId)
    {
        if (!_samples.TryGetValue(couponId, out var pair) || pair.Before == pair.Now)
            return null;
        var seconds = Time.GetElapsedTime(pair.Before.At, pair.Now.At).TotalSeconds;
        return (Math.Max(0, pair.Now.Issued - pair.Before.Issued) / seconds, Math.Max(0, pair.Now.Persisted - pair.Before.Persisted) / seconds);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await using var connection = await database.OpenConnectionAsync(stoppingToken);
        foreach (
            var (couponId, persisted) in await connection.QueryAsync<(long CouponId, long Persisted)>(
                new CommandDefinition(
                    "SELECT id, issued_quantity FROM coupons WHERE closed_at IS NULL AND (closes_at IS NULL OR closes_at > UTC_TIMESTAMP(3)) "
                        + "ORDER BY id DESC LIMIT @MostCoupons",
                    new { MostCoupons },
                    cancellationToken: stoppingToken
                )
            )
        )
        {
            var issued = (long?)await redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).State, StateFields.Issued) ?? 0;
            var sample = new Sample(Time.GetTimestamp(), issued, persisted);
            _samples.AddOrUpdate(couponId, (sample, sample), (_, pair) => (pair.Now, sample));
        }
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

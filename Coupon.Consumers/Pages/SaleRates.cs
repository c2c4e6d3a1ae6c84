using System.Collections.Concurrent;
using Coupon.Stock;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Consumers.Pages;

/// <summary>Looks every two seconds how far each coupon is, so that the console can say how fast it goes.</summary>
internal sealed class SaleRates(MySqlDataSource database, IConnectionMultiplexer redis, TimeProvider time, ILogger<SaleRates> log) : BackgroundService
{
    private const int MostCoupons = 200;
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, (Sample Before, Sample Now)> _samples = new();

    /// <summary>Given out and written a second; null: seen only once so far.</summary>
    public (double Accepted, double Persisted)? Of(long couponId)
    {
        if (!_samples.TryGetValue(couponId, out var pair) || pair.Before == pair.Now)
            return null;
        var seconds = time.GetElapsedTime(pair.Before.At, pair.Now.At).TotalSeconds;
        return (Math.Max(0, pair.Now.Issued - pair.Before.Issued) / seconds, Math.Max(0, pair.Now.Persisted - pair.Before.Persisted) / seconds);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        do
        {
            try
            {
                await SampleAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // A server is away, which health says. Rates of before would be lies.
                _samples.Clear();
                log.RatesUnknown(exception.GetBaseException().Message);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SampleAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (
            var (couponId, persisted) in await connection.QueryAsync<(long CouponId, long Persisted)>(
                new CommandDefinition(
                    "SELECT id, issued_quantity FROM coupons WHERE closed_at IS NULL AND (closes_at IS NULL OR closes_at > UTC_TIMESTAMP(3)) "
                        + "ORDER BY id DESC LIMIT @MostCoupons",
                    new { MostCoupons },
                    cancellationToken: cancellationToken
                )
            )
        )
        {
            var issued = (long?)await redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).State, StateFields.Issued) ?? 0;
            var sample = new Sample(time.GetTimestamp(), issued, persisted);
            _samples.AddOrUpdate(couponId, (sample, sample), (_, pair) => (pair.Now, sample));
        }
    }

    private readonly record struct Sample(long At, long Issued, long Persisted);
}

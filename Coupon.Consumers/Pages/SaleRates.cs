using System.Collections.Concurrent;
using Coupon.Database;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;

namespace Coupon.Consumers.Pages;

/// <summary>Looks every two seconds how far each coupon is, so that the console can say how fast it goes.</summary>
internal sealed class SaleRates(IDbContextFactory<CouponDbContext> contexts, IConnectionMultiplexer redis, TimeProvider time, ILogger<SaleRates> log) : BackgroundService
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
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SampleAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var coupons = await context.Coupons.AsNoTracking().Where(coupon => coupon.ClosedAt == null).OrderByDescending(coupon => coupon.Id).Take(MostCoupons)
            .Select(coupon => new { coupon.Id, coupon.IssuedQuantity }).ToListAsync(cancellationToken);
        foreach (var coupon in coupons)
        {
            var issued = (long?)await redis.GetDatabase().HashGetAsync(new CouponKeys(coupon.Id).State, StateFields.Issued) ?? 0;
            var sample = new Sample(time.GetTimestamp(), issued, coupon.IssuedQuantity);
            _samples.AddOrUpdate(coupon.Id, (sample, sample), (_, pair) => (pair.Now, sample));
        }
    }

    private readonly record struct Sample(long At, long Issued, long Persisted);
}

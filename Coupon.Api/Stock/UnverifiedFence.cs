using Coupon.Api.Issuing;
using Coupon.Database;
using Coupon.Stock;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;

namespace Coupon.Api.Stock;

/// <summary>Stands in until the verification is there: opens without verifying.</summary>
internal sealed class UnverifiedFence(IConnectionMultiplexer redis, IDbContextFactory<CouponDbContext> databases, StockTerms terms) : BackgroundService, IStockFence
{
    private volatile bool _open;
    public bool IsOpen => _open;
    public void Doubt(string reason)
    {
        _open = false;
        _ = LoadAsync();
    }
    public void DoubtCoupon(long couponId) => _ = Task.Run(async () =>
    {
        await using var db = await databases.CreateDbContextAsync();
        if (await db.Coupons.FindAsync(couponId) is { } row) await terms.LoadAsync(CouponTerms.Of(row));
    });
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => LoadAsync();
    private async Task LoadAsync()
    {
        while (!_open)
        {
            try
            {
                foreach (var server in redis.GetServers()) await server.ScriptLoadAsync(IssueScript.Source.Text);
                _open = true;
            }
            catch (RedisException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }
}

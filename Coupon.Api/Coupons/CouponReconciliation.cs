using System.ComponentModel.DataAnnotations;
using Coupon.Database;
using Coupon.Stock;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Api.Coupons;

/// <summary>Section <c>Coupons</c>.</summary>
public sealed class CouponOptions
{
    /// <summary>How often each instance compares the terms in Redis with MySQL. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Brings Redis along where a change reached MySQL and the process died before Redis, and lets go of coupons that ended long ago and of which nothing is
/// on its way. Every instance does it; doing it twice changes nothing.
/// </summary>
internal sealed class CouponReconciliation(
    MySqlDataSource database, IConnectionMultiplexer redis, StockTerms terms, CouponOptions options, TimeProvider time,
    ILogger<CouponReconciliation> logger) : BackgroundService
{
    private const int CouponsAtOnce = 200;

    /// <summary>One round.</summary>
    internal async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var loaded = await redis.GetDatabase().SetMembersAsync(CouponKeys.LoadedCoupons);
        foreach (var ids in loaded.Select(id => (long)id).Chunk(CouponsAtOnce))
        {
            foreach (var row in await connection.QueryAsync<CouponRow>(new CommandDefinition(
                $"SELECT {CouponReads.CouponColumns} FROM coupons WHERE id IN @ids", new { ids }, cancellationToken: cancellationToken)))
            {
                if (CouponExpiry.IsDue(row, time.GetUtcNow())) await StockRemovals.RemoveAsync(redis, row);
                else await terms.ApplyAsync(CouponTerms.Of(row));
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ReconcileInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryReconcileAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TryReconcileAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReconcileAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the next round tries again: a background service that throws would stop the whole instance.
            Log.ReconciliationWaits(logger, exception.Message);
        }
    }
}

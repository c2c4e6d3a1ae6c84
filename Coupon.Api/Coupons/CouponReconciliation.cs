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
/// Brings Redis along where a change reached MySQL and the process died before Redis, and lets go of coupons that were deleted, or that ended long ago and of
/// which nothing is on its way. Every instance does it; doing it twice changes nothing.
/// </summary>
internal sealed class CouponReconciliation(
    MySqlDataSource database, IConnectionMultiplexer redis, StockTerms terms, IStockFence fence, CouponOptions options, TimeProvider time,
    ILogger<CouponReconciliation> logger) : BackgroundService
{
    private const int CouponsAtOnce = 200;

    // Who creates a coupon puts it into Redis at once: until then it is missing there and nothing is wrong.
    private static readonly TimeSpan Creation = TimeSpan.FromSeconds(10);

    /// <summary>One round.</summary>
    internal async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Before MySQL is asked: a row is there before its id is, so an id without a row belongs to a coupon that was deleted.
        var loaded = (await redis.GetDatabase().SetMembersAsync(CouponKeys.LoadedCoupons)).Select(id => (long)id).ToHashSet();
        foreach (var ids in loaded.Chunk(CouponsAtOnce)) await ReconcileAsync(connection, ids, cancellationToken);
        foreach (var couponId in await OpenCouponsAsync(connection, cancellationToken))
        {
            if (!loaded.Contains(couponId)) fence.DoubtCoupon(couponId);
        }
    }

    private async Task ReconcileAsync(MySqlConnection connection, long[] ids, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<CouponRow>(new CommandDefinition(
            $"SELECT {CouponReads.CouponColumns} FROM coupons WHERE id IN @ids", new { ids }, cancellationToken: cancellationToken))).ToList();
        foreach (var row in rows)
        {
            if (CouponExpiry.IsDue(row, time.GetUtcNow())) await StockRemovals.RemoveAsync(redis, row);
            else if (await terms.ApplyAsync(CouponTerms.Of(row)) is null && row.CreatedAt < Settled) fence.DoubtCoupon(row.Id);
        }

        foreach (var couponId in ids.Except(rows.Select(row => row.Id))) await terms.ForgetAsync(couponId);
    }

    private Task<IEnumerable<long>> OpenCouponsAsync(MySqlConnection connection, CancellationToken cancellationToken) => connection.QueryAsync<long>(new CommandDefinition(
        "SELECT id FROM coupons WHERE closed_at IS NULL AND (closes_at IS NULL OR closes_at > @now) AND created_at < @Settled",
        new { now = time.GetUtcNow().UtcDateTime, Settled }, cancellationToken: cancellationToken));

    private DateTime Settled => time.GetUtcNow().UtcDateTime - Creation;

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
            Log.ReconciliationWaits(logger, exception);
        }
    }
}

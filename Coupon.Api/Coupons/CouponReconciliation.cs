using System.ComponentModel.DataAnnotations;
using Coupon.Database;
using Coupon.Hosting.Background;
using Coupon.Stock;
using Coupon.Stock.MySql;
using Coupon.Stock.Shards;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Api.Coupons;

/// <summary>Section <c>Coupons</c>: the reconciliation of Redis with MySQL.</summary>
public sealed class CouponOptions
{
    /// <summary>How often each instance compares the terms in Redis with MySQL. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Compares the coupons in Redis with MySQL: applies changes whose process died before it reached Redis, and removes coupons that were deleted, or
/// that ended long ago with nothing on its way. Every instance does it; repeating it changes nothing.
/// </summary>
internal sealed class CouponReconciliation(
    MySqlDataSource database,
    IConnectionMultiplexer redis,
    StockTerms terms,
    IStockFence fence,
    DatabaseFence mySql,
    CouponOptions options,
    TimeProvider time,
    ILogger<CouponReconciliation> logger
) : PeriodicService(options.ReconcileInterval, time, logger)
{
    private const int CouponsAtOnce = 200;

    // A coupon is in Redis a moment after its creation. A younger one that is missing there is no reason for a verification.
    private const string IsCreated = "created_at < UTC_TIMESTAMP(3) - INTERVAL 10 SECOND";
    private static readonly TimeSpan _creation = TimeSpan.FromSeconds(10);

    protected override Task RunAsync(CancellationToken stoppingToken) => ReconcileAsync(stoppingToken);

    protected override void Failed(Exception exception) => Log.ReconciliationWaits(Logger, exception);

    /// <summary>Compares once.</summary>
    internal async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        if (await mySql.CheckAsync(cancellationToken) is not null)
            return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // Before MySQL is read: a creation writes the row first and the id second. So an id without a row was deleted, or MySQL has lost the row.
        var loaded = (await CouponScope.LoadedAsync(redis)).Select(id => (long)id).ToHashSet();
        foreach (var ids in loaded.Chunk(CouponsAtOnce))
            await ReconcileAsync(connection, ids, cancellationToken);
        foreach (var couponId in await OpenCouponsAsync(connection, cancellationToken))
        {
            if (!loaded.Contains(couponId))
                fence.DoubtCoupon(couponId);
        }
    }

    private async Task ReconcileAsync(MySqlConnection connection, long[] ids, CancellationToken cancellationToken)
    {
        var rows = (await connection.FindCouponsAsync(ids, cancellationToken)).ToList();
        foreach (var row in rows)
        {
            try
            {
                await ReconcileAsync(row);
            }
            catch (Exception exception) when (RedisFailure.Is(exception) && ShardMap.Of(redis).IsCluster)
            {
                // The shards of the others may answer.
                Failed(exception);
            }
        }

        await WithoutRowAsync(connection, [.. ids.Except(rows.Select(row => row.Id))], cancellationToken);
    }

    private async Task ReconcileAsync(CouponRow row)
    {
        if (CouponExpiry.IsDue(row))
            await StockRemovals.RemoveAsync(redis, row, CouponExpiry.EndOf(row) + CouponExpiry.Grace);
        else if (await terms.ApplyAsync(CouponTerms.Of(row)) is null && row.CreatedAt < row.ReadAt - _creation)
            fence.DoubtCoupon(row.Id);
    }

    // Only a tombstone proves a deletion. Without one, MySQL has lost the row, and a verification of everything writes it again.
    private async Task WithoutRowAsync(MySqlConnection connection, long[] ids, CancellationToken cancellationToken)
    {
        if (ids.Length == 0)
            return;
        var deleted = await connection.DeletedCouponsAsync(ids, cancellationToken);
        foreach (var couponId in ids)
        {
            if (deleted.Contains(couponId))
                await terms.ForgetAsync(couponId);
            else if (await redis.GetDatabase().KeyExistsAsync(new CouponKeys(couponId).State))
                await mySql.ReportMissingAsync($"MySQL has neither coupon {couponId}, which Redis has, nor a record that it was deleted");
        }
    }

    private static Task<IEnumerable<long>> OpenCouponsAsync(MySqlConnection connection, CancellationToken cancellationToken) =>
        connection.QueryAsync<long>(
            new CommandDefinition(
                $"SELECT id FROM coupons WHERE closed_at IS NULL AND (closes_at IS NULL OR closes_at > UTC_TIMESTAMP(3)) AND {IsCreated}",
                cancellationToken: cancellationToken
            )
        );
}

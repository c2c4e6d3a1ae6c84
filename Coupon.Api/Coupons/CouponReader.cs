using Coupon.Api.Http;
using Coupon.Database;
using Coupon.Stock;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Api.Coupons;

/// <summary>Reads coupons: the terms from MySQL, the remaining seats from Redis. While Redis is away, only the terms.</summary>
internal sealed class CouponReader(CouponLookUp coupons, MySqlDataSource database, IConnectionMultiplexer redis)
{
    public async Task<CouponResponse?> FindAsync(long couponId, CancellationToken cancellationToken)
    {
        var row = await coupons.FindAsync(couponId, cancellationToken);
        return row is null ? null : await DescribeAsync(row);
    }

    public async Task<IReadOnlyList<CouponResponse>> ListAsync(long before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<CouponRow>(
            new CommandDefinition(
                $"SELECT {CouponReads.CouponColumns} FROM coupons WHERE id < @before ORDER BY id DESC LIMIT @limit",
                new { before, limit },
                cancellationToken: cancellationToken
            )
        );
        return await Task.WhenAll(rows.Select(DescribeAsync));
    }

    public async Task<IReadOnlyList<UserCoupon>> ListOfUserAsync(long userId, long before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(long CouponId, string Title, long Ordinal, DateTime IssuedAt, DateTime PersistedAt)>(
            new CommandDefinition(
                """
                SELECT issued.coupon_id, coupon.title, issued.ordinal, issued.issued_at, issued.persisted_at
                FROM issued_coupons AS issued JOIN coupons AS coupon ON coupon.id = issued.coupon_id
                WHERE issued.user_id = @userId AND issued.coupon_id < @before ORDER BY issued.coupon_id DESC LIMIT @limit
                """,
                new
                {
                    userId,
                    before,
                    limit,
                },
                cancellationToken: cancellationToken
            )
        );
        return
        [
            .. rows.Select(row => new UserCoupon(
                IssuanceId.Of(row.CouponId, row.Ordinal),
                row.CouponId,
                row.Title,
                row.Ordinal,
                row.IssuedAt,
                row.PersistedAt
            )),
        ];
    }

    /// <summary>Completes a row with the remaining seats.</summary>
    public async Task<CouponResponse> DescribeAsync(CouponRow row)
    {
        var (remaining, issued) = await StockAsync(row.Id);
        return new CouponResponse(
            row.Id,
            row.Title,
            row.TotalQuantity,
            remaining,
            issued,
            row.IssuedQuantity,
            row.OpensAt,
            row.ClosesAt,
            row.ClosedAt,
            row.CreatedAt,
            StateOf(row, remaining)
        );
    }

    private async Task<(long? Remaining, long? Issued)> StockAsync(long couponId)
    {
        try
        {
            var state = await redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).State, [StateFields.Remaining, StateFields.Issued]);
            return ((long?)state[0], (long?)state[1]);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            return (null, null);
        }
    }

    private static CouponState StateOf(CouponRow row, long? remaining)
    {
        // For display only: the window of a press is decided by the clock of Redis.
        var now = row.ReadAt;
        if (row.ClosedAt is not null || row.ClosesAt <= now)
            return CouponState.Closed;
        if (row.OpensAt > now)
            return CouponState.Scheduled;
        return remaining <= 0 ? CouponState.SoldOut : CouponState.Open;
    }
}

using System.Globalization;
using Coupon.Api.Coupons;
using Coupon.Api.Problems;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.MySql;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Api.Issuing;

/// <summary>
/// Says where an issuance stands: the row, the dead letter, or neither yet. MySQL is asked first, so that a row is found also where
/// Redis is away or has let the coupon expire.
/// </summary>
internal sealed class IssuanceFinder(MySqlDataSource database, IConnectionMultiplexer redis, IStockFence fence, DatabaseFence mySql)
{
    public async Task<(IssuanceStatusResponse? Found, Refusal? Refusal)> FindAsync(long couponId, long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.FindIssuedCouponAsync(couponId, userId, cancellationToken);
        if (row is not null)
        {
            return (new IssuanceStatusResponse(
                IssuanceId.Of(couponId, row.Ordinal), couponId, row.Ordinal, userId, row.IssuedAt, IssuanceStatus.Issued, row.PersistedAt), null);
        }

        if (await SeatAsync(couponId, userId) is not var (ordinal, issuedAt))
        {
            return (null, new Refusal(await WhyNoneAsync(connection, couponId, cancellationToken)));
        }

        var (state, cause) = await connection.QueryFirstOrDefaultAsync<(DeadLetterState? State, string? Cause)>(new CommandDefinition(
            """
            SELECT state, cause FROM dead_letters
            WHERE coupon_id = @couponId AND ordinal = @ordinal AND user_id = @userId ORDER BY last_failed_at DESC LIMIT 1
            """, new { couponId, ordinal, userId }, cancellationToken: cancellationToken));
        var seat = new IssuanceStatusResponse(IssuanceId.Of(couponId, ordinal), couponId, ordinal, userId, issuedAt, IssuanceStatus.Pending);
        return state switch
        {
            DeadLetterState.Open => (seat with { Status = IssuanceStatus.Failed, Reason = cause }, null),

            // An operator took the seat back for good.
            DeadLetterState.Discarded => (null, new Refusal(ProblemKinds.NotIssued, "The issuance was discarded by an operator.")),
            _ => (seat, null),
        };
    }

    // A Redis that has forgotten something may have forgotten this seat: what is on its way is known again when the stock is verified.
    private async Task<ProblemKind> WhyNoneAsync(MySqlConnection connection, long couponId, CancellationToken cancellationToken)
    {
        var coupon = await connection.FindCouponAsync(couponId, cancellationToken);
        if (coupon is null) return mySql.Doubt is null ? ProblemKinds.UnknownCoupon : ProblemKinds.StockUnverified;
        if (CouponExpiry.IsDue(coupon)) return ProblemKinds.NotIssued;
        if (fence.IsOpen)
        {
            if (await redis.GetDatabase().KeyExistsAsync(new CouponKeys(couponId).State)) return ProblemKinds.NotIssued;

            // Over, but not for long enough: nobody else asks for it.
            fence.DoubtCoupon(couponId);
        }

        return ProblemKinds.StockUnverified;
    }

    private async Task<(long Ordinal, DateTimeOffset IssuedAt)?> SeatAsync(long couponId, long userId)
    {
        var held = (string?)await redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).Users, userId);
        return HeldSeat.TryParseUser(couponId, userId.ToString(CultureInfo.InvariantCulture), held, out var seat)
            ? (seat.Ordinal, DateTimeOffset.FromUnixTimeMilliseconds(seat.IssuedAtMs)) : null;
    }
}

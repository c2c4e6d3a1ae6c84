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
internal sealed class IssuanceFinder(
    MySqlDataSource database,
    IConnectionMultiplexer redis,
    UnconfirmedIssuances unconfirmed,
    IStockFence fence,
    DatabaseFence mySql
)
{
    private static readonly StockScript _seat = StockScript.Embedded(typeof(IssuanceFinder).Assembly, "seat.lua");

    public async Task<(IssuanceStatusResponse? Found, Refusal? Refusal)> FindAsync(long couponId, long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.FindIssuedCouponAsync(couponId, userId, cancellationToken);
        if (row is not null)
        {
            return (
                new IssuanceStatusResponse(
                    IssuanceId.Of(couponId, row.Ordinal),
                    couponId,
                    row.Ordinal,
                    userId,
                    row.IssuedAt,
                    IssuanceStatus.Issued,
                    row.PersistedAt
                ),
                null
            );
        }

        // What Redis says counts while this instance may issue, and not across an end of that.
        var term = fence.Enter();
        var held = term.IsOpen ? await SeatAsync(couponId, userId, term) : null;
        if (held is not var (ordinal, issuedAt))
            return (null, new Refusal(await WhyNoneAsync(connection, couponId, term, cancellationToken)));

        var (state, cause) = await connection.QueryFirstOrDefaultAsync<(DeadLetterState? State, string? Cause)>(
            new CommandDefinition(
                """
                SELECT state, cause FROM dead_letters
                WHERE coupon_id = @couponId AND ordinal = @ordinal AND user_id = @userId ORDER BY last_failed_at DESC LIMIT 1
                """,
                new
                {
                    couponId,
                    ordinal,
                    userId,
                },
                cancellationToken: cancellationToken
            )
        );
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
    private async Task<ProblemKind> WhyNoneAsync(MySqlConnection connection, long couponId, LeaseTerm term, CancellationToken cancellationToken)
    {
        var coupon = await connection.FindCouponAsync(couponId, cancellationToken);
        if (coupon is null)
            return mySql.Doubt is null ? ProblemKinds.UnknownCoupon : ProblemKinds.StockUnverified;
        if (CouponExpiry.IsDue(coupon))
            return ProblemKinds.NotIssued;
        if (fence.Holds(term))
        {
            var verified = await redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).State, StateFields.Verified);
            if ((long?)verified >= term.Epoch && fence.Holds(term))
                return ProblemKinds.NotIssued;

            // Over, but not for long enough: nobody else asks for it.
            fence.DoubtCoupon(couponId);
        }

        return ProblemKinds.StockUnverified;
    }

    private async Task<(long Ordinal, DateTimeOffset IssuedAt)?> SeatAsync(long couponId, long userId, LeaseTerm term)
    {
        var keys = new CouponKeys(couponId);
        var found = (RedisValue[]?)await redis.GetDatabase().ScriptEvaluateAsync(_seat.Text, keys.All, [term.Epoch, userId]);
        if (
            found is not [var value, var waits]
            || !HeldSeat.TryParseUser(couponId, userId.ToString(CultureInfo.InvariantCulture), value, out var seat)
        )
            return null;
        if ((bool)waits)
            unconfirmed.AnswerFor(keys, seat.Ordinal, userId, ((string)value!)[(((string)value!).IndexOf(':', StringComparison.Ordinal) + 1)..]);

        // After it is answered for: a verification may be about to ask.
        return fence.Holds(term) ? (seat.Ordinal, DateTimeOffset.FromUnixTimeMilliseconds(seat.IssuedAtMs)) : null;
    }
}

using System.Globalization;
using Coupon.Api.Coupons;
using Coupon.Api.Http;
using Coupon.Api.Issuing.Deciding;
using Coupon.Api.Issuing.Remembering;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.MySql;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Finding;

/// <summary>Why no issuance of a user is found.</summary>
internal enum NoIssuance
{
    /// <summary>The user has none of this coupon.</summary>
    NotIssued,

    /// <summary>An operator has discarded the issuance.</summary>
    Discarded,

    /// <summary>The coupon does not exist.</summary>
    UnknownCoupon,

    /// <summary>A server may have lost data and is being verified: the issuance may exist or not.</summary>
    NotVerified,
}

/// <summary>Where an issuance stands, or why there is none: exactly one of the two is not null.</summary>
internal readonly record struct IssuanceFinding(IssuanceStatusResponse? Status, NoIssuance? None)
{
    public static implicit operator IssuanceFinding(IssuanceStatusResponse status) => new(status, null);

    public static implicit operator IssuanceFinding(NoIssuance none) => new(null, none);
}

/// <summary>
/// Finds where an issuance stands: a row, a dead letter, or a seat that is neither yet. MySQL is asked first, so a row is also found while Redis is
/// away or has let the coupon expire.
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

    /// <exception cref="MySqlException">MySQL is away.</exception>
    /// <exception cref="RedisException">Redis is away or refuses to serve.</exception>
    public async Task<IssuanceFinding> FindAsync(long couponId, long userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.FindIssuedCouponAsync(couponId, userId, cancellationToken);
        if (row is not null)
            return StatusOf(couponId, row.Ordinal, userId, row.IssuedAt) with { Status = IssuanceStatus.Issued, PersistedAt = row.PersistedAt };

        // An answer of Redis counts only while this instance may issue, within one term of its lease.
        var term = fence.Enter(couponId);
        var held = term.MayIssue ? await SeatAsync(couponId, userId, term) : null;
        if (held is not { } seat)
            return await WhyNoneAsync(connection, couponId, term, cancellationToken);

        var (state, cause) = await connection.QueryFirstOrDefaultAsync<(DeadLetterState? State, string? Cause)>(
            new CommandDefinition(
                """
                SELECT state, cause FROM dead_letters
                WHERE coupon_id = @couponId AND ordinal = @ordinal AND user_id = @userId ORDER BY last_failed_at DESC LIMIT 1
                """,
                new
                {
                    couponId,
                    ordinal = seat.Ordinal,
                    userId,
                },
                cancellationToken: cancellationToken
            )
        );
        var pending = StatusOf(couponId, seat.Ordinal, userId, DateTimeOffset.FromUnixTimeMilliseconds(seat.IssuedAtMs));
        return state switch
        {
            DeadLetterState.Open => pending with { Status = IssuanceStatus.Failed, Reason = cause },
            DeadLetterState.Discarded => NoIssuance.Discarded,
            _ => pending,
        };
    }

    private static IssuanceStatusResponse StatusOf(long couponId, long ordinal, long userId, DateTimeOffset issuedAt) =>
        new(IssuanceId.Of(couponId, ordinal), couponId, ordinal, userId, issuedAt, IssuanceStatus.Pending);

    // A Redis that has lost data may have lost this seat. A verification brings back every seat that is on its way.
    private async Task<NoIssuance> WhyNoneAsync(MySqlConnection connection, long couponId, LeaseTerm term, CancellationToken cancellationToken)
    {
        var coupon = await connection.FindCouponAsync(couponId, cancellationToken);
        if (coupon is null)
            return mySql.Doubt is null ? NoIssuance.UnknownCoupon : NoIssuance.NotVerified;
        if (CouponExpiry.IsDue(coupon))
            return NoIssuance.NotIssued;
        if (fence.Holds(term))
        {
            var state = await redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).State, [StateFields.Verified, StateFields.Shard]);
            if (term.Admits(state[0], state[1]) && fence.Holds(term))
                return NoIssuance.NotIssued;

            // The coupon ended less than a week ago and Redis lost it. No press will trigger its verification, so this does.
            fence.DoubtCoupon(couponId);
        }

        return NoIssuance.NotVerified;
    }

    private async Task<HeldSeat?> SeatAsync(long couponId, long userId, LeaseTerm term)
    {
        var found = (RedisValue[]?)
            await redis.GetDatabase().ScriptEvaluateAsync(_seat.Text, new CouponKeys(couponId).All, [term.Epoch, term.Shard, userId]);
        if (
            found is not [var value, var isWaiting]
            || !HeldSeat.TryParseUser(couponId, userId.ToString(CultureInfo.InvariantCulture), value, out var seat)
        )
            return null;
        if ((bool)isWaiting)
            unconfirmed.AnswerFor(new OutboxEntry(couponId, HeldSeat.OutboxMember(userId, value!)));

        // Only now, after AnswerFor: a verification that has closed the fence asks for it next.
        return fence.Holds(term) ? seat : null;
    }
}

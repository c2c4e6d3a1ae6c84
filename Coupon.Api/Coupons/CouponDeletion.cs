using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.MySql;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Api.Coupons;

/// <summary>The outcome of a deletion.</summary>
internal enum DeletionOutcome
{
    /// <summary>The coupon is gone.</summary>
    Deleted,

    /// <summary>The coupon does not exist.</summary>
    UnknownCoupon,

    /// <summary>Issuances are on their way to MySQL; the coupon is as it was, on sale.</summary>
    InFlight,

    /// <summary>A seat was taken while the coupon was being deleted; the coupon is closed now.</summary>
    SoldMeanwhile,

    /// <summary>A dead letter of the coupon is open; the coupon is as it was.</summary>
    DeadLetterOpen,

    /// <summary>Redis or MySQL may have lost data, so issuances may be on their way.</summary>
    NotVerified,
}

/// <summary>The outcome of a deletion.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Issued">Where issuances are in flight: how many were issued.</param>
/// <param name="Missing">How many of those are not rows.</param>
/// <param name="Waiting">How many wait in the outbox.</param>
internal readonly record struct Deletion(DeletionOutcome Outcome, long Issued = 0, long Missing = 0, long Waiting = 0);

/// <summary>
/// Deletes a coupon with everything that was issued of it, unless something is on its way. The coupon is closed first, so that after a crash in the
/// middle it sells nothing; deleting again finishes the work. A Redis that does not know the coupon, as after such a crash, cannot say what is on its
/// way, so the coupon is verified first.
/// </summary>
internal sealed class CouponDeletion(
    MySqlDataSource database,
    IConnectionMultiplexer redis,
    CouponOperations operations,
    StockTerms terms,
    IStockFence fence,
    DatabaseFence mySql
)
{
    private const string OpenLetters = $"""
        SELECT EXISTS (SELECT 1 FROM dead_letters WHERE coupon_id = @couponId AND state NOT IN ('{nameof(DeadLetterState.Discarded)}', '{nameof(
            DeadLetterState.Resolved
        )}'))
        """;

    public async Task<Deletion> DeleteAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var before = await connection.FindCouponAsync(couponId, cancellationToken);
        if (before is null)
            return new Deletion(DeletionOutcome.UnknownCoupon);
        if (!fence.MayIssue(couponId) || await mySql.CheckAsync(cancellationToken) is not null)
            return NotVerified(couponId);
        if (await InFlightAsync(before) is { } inFlight)
            return inFlight;
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(OpenLetters, new { couponId }, cancellationToken: cancellationToken)))
            return new Deletion(DeletionOutcome.DeadLetterOpen);

        var closed = await operations.CloseAsync(couponId, cancellationToken);
        if (closed is null)
            return new Deletion(DeletionOutcome.UnknownCoupon);
        switch (await StockRemovals.RemoveAsync(redis, closed))
        {
            case StockRemoval.InFlight:
                return new Deletion(DeletionOutcome.SoldMeanwhile);
            case StockRemoval.BeingVerified:
            case StockRemoval.NotLoaded when !CouponExpiry.IsDue(closed):
                return NotVerified(couponId);
        }

        // A Redis that has lost its last second does not know what was on its way then. The coupon is gone from it now, so it is verified like one
        // that is missing.
        if (!fence.MayIssue(couponId))
            return NotVerified(couponId);

        await connection.DeleteCouponAsync(couponId, cancellationToken);

        // The tombstone goes to Redis too. A verification that read MySQL before the commit may have loaded the closed coupon again; this removes it.
        await terms.ForgetAsync(couponId);
        return new Deletion(DeletionOutcome.Deleted);
    }

    // Before the coupon is closed, so that a refusal leaves it on sale. Null: nothing is on its way.
    private async Task<Deletion?> InFlightAsync(CouponRow row)
    {
        var keys = new CouponKeys(row.Id);
        var issued = (long?)await redis.GetDatabase().HashGetAsync(keys.State, StateFields.Issued);
        if (issued is null)
            return CouponExpiry.IsDue(row) ? null : NotVerified(row.Id);

        var waiting = await OutboxLength.ReadAsync(redis.GetDatabase(), keys);
        var missing = issued.Value - row.IssuedQuantity - row.VoidedQuantity;
        return waiting == 0 && missing == 0 ? null : new Deletion(DeletionOutcome.InFlight, issued.Value, missing, waiting);
    }

    private Deletion NotVerified(long couponId)
    {
        fence.DoubtCoupon(couponId);
        return new Deletion(DeletionOutcome.NotVerified);
    }
}

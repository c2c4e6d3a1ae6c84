using Coupon.Api.Problems;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.MySql;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Api.Coupons;

/// <summary>
/// Deletes a coupon with everything that was issued of it, unless something is on its way. It is closed first, so that after a crash in the middle
/// it sells nothing; deleting again finishes it. Where Redis does not have the coupon it cannot say what is on its way, so the coupon is verified
/// first: also after such a crash.
/// </summary>
internal sealed class CouponDeletion(
    MySqlDataSource database,
    IConnectionMultiplexer redis,
    CouponDesk desk,
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

    /// <returns>Null: it is gone.</returns>
    public async Task<Refusal?> DeleteAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var before = await connection.FindCouponAsync(couponId, cancellationToken);
        if (before is null)
            return new Refusal(ProblemKinds.UnknownCoupon);
        if (!fence.IsOpen || await mySql.CheckAsync(cancellationToken) is not null)
            return Unverified(couponId);
        if (await InFlightAsync(before) is { } refusal)
            return refusal;
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(OpenLetters, new { couponId }, cancellationToken: cancellationToken)))
            return new Refusal(ProblemKinds.InFlight, "A dead letter of it is open.");

        var closed = await desk.CloseAsync(couponId, cancellationToken);
        if (closed is null)
            return new Refusal(ProblemKinds.UnknownCoupon);
        switch (await StockRemovals.RemoveAsync(redis, closed))
        {
            case StockRemoval.InFlight:
                return new Refusal(
                    ProblemKinds.InFlight,
                    "A seat was taken while the coupon was being deleted. It is closed now: try again in a moment."
                );
            case StockRemoval.BeingVerified:
            case StockRemoval.NotLoaded when !CouponExpiry.IsDue(closed):
                return Unverified(couponId);
        }

        // A Redis that has forgotten its last second knows of nothing on its way. It is gone from there now, and so will be verified like one that is
        // missing.
        if (!fence.IsOpen)
            return Unverified(couponId);

        await connection.DeleteCouponAsync(couponId, cancellationToken);

        // Redis remembers it too. And a verification that read MySQL before the commit may have brought the coupon back, closed, or be about to
        // find it gone.
        await terms.ForgetAsync(couponId);
        return null;
    }

    // Looked at first, so that a refusal leaves the coupon as it is, on sale.
    private async Task<Refusal?> InFlightAsync(CouponRow row)
    {
        var keys = new CouponKeys(row.Id);
        var issued = (long?)await redis.GetDatabase().HashGetAsync(keys.State, StateFields.Issued);
        if (issued is null)
            return CouponExpiry.IsDue(row) ? null : Unverified(row.Id);

        var waiting = await redis.GetDatabase().SortedSetLengthAsync(keys.Outbox);
        var missing = issued.Value - row.IssuedQuantity - row.VoidedQuantity;
        return waiting == 0 && missing == 0
            ? null
            : new Refusal(
                ProblemKinds.InFlight,
                $"{issued} were issued; {missing} of them are not in the database yet or are dead letters, {waiting} wait in the outbox."
            );
    }

    private Refusal Unverified(long couponId)
    {
        fence.DoubtCoupon(couponId);
        return new Refusal(ProblemKinds.StockUnverified, "Redis cannot say yet what of the coupon is on its way.");
    }
}

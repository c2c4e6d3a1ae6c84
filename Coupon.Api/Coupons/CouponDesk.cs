using Coupon.Api.Problems;
using Coupon.Database;
using Coupon.Stock;
using Dapper;
using MySqlConnector;

namespace Coupon.Api.Coupons;

/// <summary>
/// Changes coupons: MySQL first, then Redis follows. After a crash between the two, the next change or the reconciliation brings Redis along; doing
/// it twice changes nothing.
/// </summary>
internal sealed class CouponDesk(MySqlDataSource database, StockTerms terms, IStockFence fence)
{
    public async Task<(CouponRow? Row, Refusal? Refusal)> CreateAsync(CreateCouponRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var now = await connection.NowAsync(cancellationToken);
        if (request.Validate(now) is { } invalid)
            return (null, invalid);
        var row = await NewCoupon.InsertAsync(connection, request, now, cancellationToken);
        try
        {
            if (!await terms.LoadAsync(CouponTerms.Of(row)))
                fence.DoubtCoupon(row.Id);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // It exists: to be told otherwise, and to ask again, would make another one. It comes into Redis as one does that Redis has forgotten.
            fence.DoubtCoupon(row.Id);
        }

        return (row, null);
    }

    public async Task<(CouponRow? Row, Refusal? Refusal)> RestockAsync(long couponId, RestockRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var quantity = request.Quantity!.Value;
        var changed = await connection.ExecuteAsync(
            new CommandDefinition(
                """
                UPDATE coupons SET total_quantity = total_quantity + @quantity
                WHERE id = @couponId AND closed_at IS NULL AND (@expected IS NULL OR total_quantity = @expected)
                  AND total_quantity + @quantity <= @most
                """,
                new
                {
                    couponId,
                    quantity,
                    expected = request.ExpectedTotalQuantity,
                    most = CreateCouponRequest.MaxTotalQuantity,
                },
                cancellationToken: cancellationToken
            )
        );
        var row = await connection.FindCouponAsync(couponId, cancellationToken);
        if (row is null)
            return (null, new Refusal(ProblemKinds.UnknownCoupon));

        // Also where nothing changed: the request may be the second try of one that died before it reached Redis.
        try
        {
            await FollowAsync(row);
        }
        catch (Exception exception) when (changed > 0 && RedisFailure.Is(exception))
        {
            // It is added: to be told otherwise, and to ask again, would add it twice. The reconciliation or a verification brings Redis along.
        }

        if (changed > 0)
            return (row, null);
        if (row.ClosedAt is not null)
            return (null, new Refusal(ProblemKinds.Closed));
        return request.ExpectedTotalQuantity is { } expected && expected != row.TotalQuantity
            ? (null, new Refusal(ProblemKinds.TotalChanged, $"The total is {row.TotalQuantity}, not {expected}."))
            : (null, Http.InvalidRequest.Because("quantity", $"must keep the total at or below {CreateCouponRequest.MaxTotalQuantity}"));
    }

    public async Task<CouponRow?> CloseAsync(long couponId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "UPDATE coupons SET closed_at = UTC_TIMESTAMP(3) WHERE id = @couponId AND closed_at IS NULL",
                new { couponId },
                cancellationToken: cancellationToken
            )
        );
        var row = await connection.FindCouponAsync(couponId, cancellationToken);
        if (row is not null)
            await FollowAsync(row);
        return row;
    }

    private async Task FollowAsync(CouponRow row)
    {
        if (await terms.ApplyAsync(CouponTerms.Of(row)) is null && !CouponExpiry.IsDue(row))
            fence.DoubtCoupon(row.Id);
    }
}

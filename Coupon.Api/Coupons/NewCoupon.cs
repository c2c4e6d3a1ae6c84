using Coupon.Database;
using Dapper;
using MySqlConnector;

namespace Coupon.Api.Coupons;

/// <summary>Inserts a coupon.</summary>
internal static class NewCoupon
{
    private const int Attempts = 5;

    // An id of a deleted coupon is never used again.
    private const string Insert = """
        INSERT INTO coupons (id, title, total_quantity, opens_at, closes_at, created_at)
        SELECT @Id, @Title, @TotalQuantity, @OpensAt, @ClosesAt, @CreatedAt FROM DUAL
        WHERE NOT EXISTS (SELECT 1 FROM deleted_coupons WHERE id = @Id)
        """;

    /// <summary>Gives the coupon a free id and inserts it.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="request">The valid request.</param>
    /// <param name="now">The time of the database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<CouponRow> InsertAsync(
        MySqlConnection connection,
        CreateCouponRequest request,
        DateTime now,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var row = request.ToRow(CouponId.At(now), now);
            try
            {
                if (await connection.ExecuteAsync(new CommandDefinition(Insert, row, cancellationToken: cancellationToken)) == 1)
                    return row;
            }
            catch (MySqlException exception) when (DatabaseFailure.IsDuplicateKey(exception) && attempt < Attempts)
            {
                // Another coupon of the same millisecond has drawn the same random part.
            }
        }
    }
}

using Coupon.Database;
using Dapper;
using MySqlConnector;

namespace Coupon.Api.Coupons;

/// <summary>Inserts a coupon.</summary>
internal static class NewCoupon
{
    private const string Insert = """
        INSERT INTO coupons (title, total_quantity, opens_at, closes_at, created_at) VALUES (@Title, @TotalQuantity, @OpensAt, @ClosesAt, @CreatedAt);
        SELECT LAST_INSERT_ID()
        """;

    /// <returns>The coupon, with the id that the database gave it.</returns>
    public static async Task<CouponRow> InsertAsync(MySqlConnection connection, CouponRow row, CancellationToken cancellationToken) => new()
    {
        Id = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Insert, row, cancellationToken: cancellationToken)),
        Title = row.Title,
        TotalQuantity = row.TotalQuantity,
        OpensAt = row.OpensAt,
        ClosesAt = row.ClosesAt,
        CreatedAt = row.CreatedAt,
    };
}

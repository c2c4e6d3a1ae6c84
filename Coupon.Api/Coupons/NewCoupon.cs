using Coupon.Database;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace Coupon.Api.Coupons;

/// <summary>
/// Inserts a coupon by SQL of its own. Nothing else in this process needs what EF keeps for changes, and the first coupon would have it read, compiled
/// and kept in memory: for one statement, and often shortly before a sale.
/// </summary>
internal static class NewCoupon
{
    private const string Insert = """
        INSERT INTO coupons (title, total_quantity, opens_at, closes_at, created_at)
        VALUES (@title, @total, @opens, @closes, @created)
        """;

    /// <returns>The coupon, with the id that the database gave it.</returns>
    public static async Task<CouponRow> InsertAsync(CouponDbContext database, CouponRow row, CancellationToken cancellationToken)
    {
        await database.Database.OpenConnectionAsync(cancellationToken);
        await using var command = new MySqlCommand(Insert, (MySqlConnection)database.Database.GetDbConnection());
        command.Parameters.AddWithValue("title", row.Title);
        command.Parameters.AddWithValue("total", row.TotalQuantity);
        command.Parameters.AddWithValue("opens", row.OpensAt);
        command.Parameters.AddWithValue("closes", row.ClosesAt);
        command.Parameters.AddWithValue("created", row.CreatedAt);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new CouponRow
        {
            Id = command.LastInsertedId,
            Title = row.Title,
            TotalQuantity = row.TotalQuantity,
            OpensAt = row.OpensAt,
            ClosesAt = row.ClosesAt,
            CreatedAt = row.CreatedAt,
        };
    }
}

using MySqlConnector;

namespace Coupon.Benchmarks.Baselines;

/// <summary>The first version of every such service: no Redis, no bus; the coupon's row is locked for each seat.</summary>
internal static class RowLockServer
{
    public static void Map(WebApplication app)
    {
        var mySql = new MySqlDataSource(app.Configuration.GetConnectionString("MySql")!);

        app.MapPost("/coupons/{couponId:long}/issuances", async (long couponId, IssuanceRequest request) =>
        {
            await using var connection = await mySql.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var read = Command("SELECT issued_quantity FROM coupons WHERE id = @coupon FOR UPDATE");
            var issuedAt = TimeProvider.System.GetUtcNow();
            var ordinal = (long)(await read.ExecuteScalarAsync())! + 1;
            await using var insert = Command(
                "INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES (@coupon, @ordinal, @user, @issued)"
            );
            insert.Parameters.AddWithValue("@ordinal", ordinal);
            insert.Parameters.AddWithValue("@user", request.UserId);
            insert.Parameters.AddWithValue("@issued", issuedAt.UtcDateTime);
            await insert.ExecuteNonQueryAsync();
            await using var count = Command("UPDATE coupons SET issued_quantity = issued_quantity + 1 WHERE id = @coupon");
            await count.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            return Accepted.Answer(couponId, request.UserId, ordinal, issuedAt);

            MySqlCommand Command(string text)
            {
                var command = new MySqlCommand(text, connection, transaction);
                command.Parameters.AddWithValue("@coupon", couponId);
                return command;
            }
        });
    }
}

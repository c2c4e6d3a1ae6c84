using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Benchmarks.Baselines;

/// <summary>The step before a message bus: Redis decides, the request itself writes the row, the answer waits for the commit.</summary>
internal static class SynchronousInsertServer
{
    public static void Map(WebApplication app)
    {
        var redis = ConnectionMultiplexer.Connect(app.Configuration.GetConnectionString("Redis")!).GetDatabase();
        var mySql = new MySqlDataSource(app.Configuration.GetConnectionString("MySql")!);

        app.MapPost("/coupons/{couponId:long}/issuances", async (long couponId, IssuanceRequest request) =>
        {
            var (ordinal, issuedAt) = await IssueScript.TakeSeatAsync(redis, couponId, request.UserId);
            await using var connection = await mySql.OpenConnectionAsync();
            await using var insert = new MySqlCommand(
                "INSERT INTO issued_coupons (coupon_id, ordinal, user_id, issued_at) VALUES (@coupon, @ordinal, @user, @issued)",
                connection
            );
            insert.Parameters.AddWithValue("@coupon", couponId);
            insert.Parameters.AddWithValue("@ordinal", ordinal);
            insert.Parameters.AddWithValue("@user", request.UserId);
            insert.Parameters.AddWithValue("@issued", issuedAt.UtcDateTime);
            await insert.ExecuteNonQueryAsync();
            return Accepted.Answer(couponId, request.UserId, ordinal, issuedAt);
        });
    }
}

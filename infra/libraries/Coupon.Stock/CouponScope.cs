using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>
/// Which coupons are looked at without being asked for. What is over for longer than a day cannot be sold, whatever Redis has forgotten, unless Redis
/// still has it and thinks that it is open: so all that is loaded counts too.
/// </summary>
internal static class CouponScope
{
    public static async Task<List<long>> ReadAsync(IConnectionMultiplexer redis, MySqlDataSource database, CancellationToken cancellationToken)
    {
        // A list must not be empty; no coupon has the id 0.
        var loaded = (await redis.GetDatabase().SetMembersAsync(CouponKeys.LoadedCoupons)).Select(id => (long)id).Append(0);
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            return (
                await connection.QueryAsync<long>(
                    new CommandDefinition(
                        """
                        SELECT id FROM coupons
                        WHERE COALESCE(closed_at, closes_at) IS NULL OR COALESCE(closed_at, closes_at) > UTC_TIMESTAMP(3) - INTERVAL 1 DAY
                          OR id IN @loaded ORDER BY id
                        """,
                        new { loaded },
                        cancellationToken: cancellationToken
                    )
                )
            ).AsList();
        }
    }
}

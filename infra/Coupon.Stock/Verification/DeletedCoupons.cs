using Dapper;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// Coupons that Redis has and MySQL does not: they were deleted, and Redis has gone back to before that. Nobody verifies them, since nothing is known of
/// them any more, so they must be gone before anything is sold: the issue script would sell them.
/// </summary>
internal sealed class DeletedCoupons(IConnectionMultiplexer redis, MySqlDataSource database, ILogger logger)
{
    /// <summary>Takes them off Redis, and has what is remembered of them forgotten.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        // Redis first: a row is inserted before its id is added to the set, so whatever is in the set and not in MySQL was there once and is not any more.
        var loaded = (await redis.GetDatabase().SetMembersAsync(CouponKeys.LoadedCoupons).ConfigureAwait(false)).Select(id => (long)id).ToList();
        foreach (var couponId in loaded.Except(await ExistingAsync(loaded, cancellationToken).ConfigureAwait(false)))
        {
            await new StockTerms(redis).ForgetAsync(couponId).ConfigureAwait(false);
            Log.DeletedCouponRemoved(logger, couponId);
        }
    }

    private async Task<IEnumerable<long>> ExistingAsync(List<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0) return [];
        var connection = await database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await connection.QueryAsync<long>(new CommandDefinition(
                "SELECT id FROM coupons WHERE id IN @ids", new { ids }, cancellationToken: cancellationToken)).ConfigureAwait(false);
        }
    }
}

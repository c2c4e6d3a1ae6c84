using Coupon.Database;
using Coupon.Stock.Shards;
using Dapper;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// Coupons of which nothing was ever issued, as far as Redis, the topics and MySQL know. There is nothing to merge, so many of them are put on sale
/// with a few statements, and thousands of coupons that wait for their sale hold up no coupon that is being sold.
/// </summary>
internal sealed class UnsoldCoupons(IConnectionMultiplexer redis, MySqlDataSource database, Shard shard)
{
    private const int AtOnce = 200;

    /// <summary>Puts on sale those of some verifications that are unsold. What MySQL does not know any more is left.</summary>
    /// <returns>What was found of them.</returns>
    public async Task<List<CouponFindings>> CompleteAsync(IEnumerable<CouponVerification> verifications, CancellationToken cancellationToken)
    {
        var findings = new List<CouponFindings>();
        foreach (var some in verifications.Where(verification => verification.HasSeenNoSeat).Chunk(AtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var terms = await UnsoldAsync(some.Select(verification => verification.CouponId), cancellationToken);
            if (terms.Count == 0)
                continue;
            await redis.GetDatabase().SetAddAsync(shard.Keys.LoadedCoupons, [.. terms.Keys.Select(id => (RedisValue)id)]);
            findings.AddRange(
                await Task.WhenAll(
                    some.Where(verification => terms.ContainsKey(verification.CouponId))
                        .Select(verification => verification.CompleteUnsoldAsync(terms[verification.CouponId]))
                )
            );
            await FollowAsync(terms, cancellationToken);
        }

        return findings;
    }

    // A restock or a close found no state in Redis if it came after the terms were read and before the coupon was on sale again.
    private async Task FollowAsync(Dictionary<long, CouponTerms> before, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            foreach (var now in (await connection.FindCouponsAsync(before.Keys, cancellationToken)).Select(CouponTerms.Of))
            {
                if (now != before[now.CouponId])
                    await new StockTerms(redis).ApplyAsync(now);
            }
        }
    }

    // One with returned seats has been sold from, even where nothing is left of it.
    private async Task<Dictionary<long, CouponTerms>> UnsoldAsync(IEnumerable<long> coupons, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            var rows = await connection.QueryAsync<CouponRow>(
                new CommandDefinition(
                    $"""
                    SELECT {CouponReads.CouponColumns} FROM coupons
                    WHERE id IN @coupons AND returned_quantity = 0 AND retaken_quantity = 0
                      AND NOT EXISTS (SELECT 1 FROM issued_coupons WHERE coupon_id = coupons.id)
                      AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE coupon_id = coupons.id AND ordinal IS NOT NULL)
                      AND NOT EXISTS (SELECT 1 FROM forgotten_ordinals WHERE coupon_id = coupons.id)
                    """,
                    new { coupons },
                    cancellationToken: cancellationToken
                )
            );
            return rows.Select(CouponTerms.Of).ToDictionary(terms => terms.CouponId);
        }
    }
}

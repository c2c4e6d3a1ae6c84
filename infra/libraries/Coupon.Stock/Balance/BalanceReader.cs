using Coupon.Stock.Shards;
using Coupon.Stock.Tail;
using Coupon.Stock.Verification;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Stock.Balance;

/// <summary>
/// Reads balances without stopping anything. It reads in the direction of flow: Redis, the topic, the dead-letter topic, MySQL. What moves
/// meanwhile moves ahead of the reader, so an ordinal that Redis had given out at the first step is seen at least once, and it is counted where it
/// was seen last.
/// </summary>
public sealed class BalanceReader
{
    // A round trip to Redis and a few statements of MySQL for so many coupons, not for each.
    private const int CouponsAtOnce = 200;

    private readonly IConnectionMultiplexer _redis;
    private readonly MySqlDataSource _database;
    private readonly CouponTail _tail;
    private readonly VerificationLog _verifications;

    internal BalanceReader(IConnectionMultiplexer redis, MySqlDataSource database, CouponTail tail, VerificationLog verifications) =>
        (_redis, _database, _tail, _verifications) = (redis, database, tail, verifications);

    /// <summary>Reads one.</summary>
    /// <returns>Null: there is no such coupon.</returns>
    public async Task<CouponBalance?> ReadAsync(long couponId, CancellationToken cancellationToken = default) =>
        (await ReadAsync([couponId], cancellationToken)).SingleOrDefault();

    /// <summary>Reads some; the topics are read once for all of them. Coupons that do not exist are left out.</summary>
    public Task<IReadOnlyList<CouponBalance>> ReadAsync(IReadOnlyCollection<long> coupons, CancellationToken cancellationToken = default) =>
        ReadAsync(coupons, long.MaxValue, cancellationToken);

    /// <summary>
    /// The same for readers that repeat: gives up where so much is unread that reading it each time would load the broker for long.
    /// </summary>
    /// <param name="coupons">Which.</param>
    /// <param name="mostUnread">How many unread messages of a topic to read at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TailTooLongException">More is unread: consumers are far behind.</exception>
    /// <exception cref="RedisConnectionException">A shard is away in which some of them are.</exception>
    public async Task<IReadOnlyList<CouponBalance>> ReadAsync(IReadOnlyCollection<long> coupons, long mostUnread, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(coupons);
        var database = _redis.GetDatabase();
        var before = new Dictionary<string, VerifiedEpoch>(StringComparer.Ordinal);
        var shards = new Dictionary<long, Shard>();
        foreach (var couponId in coupons.Distinct())
        {
            var shard = await ShardMap.Of(_redis).OfAsync(couponId);
            if (!before.ContainsKey(shard.Name))
                before.Add(shard.Name, await VerifiedEpoch.ReadAsync(_redis, shard, _verifications, cancellationToken));
            shards.Add(couponId, shard);
        }

        var stocks = new Dictionary<long, StockReading>();
        foreach (var some in shards.Keys.Chunk(CouponsAtOnce))
        {
            foreach (var (couponId, stock) in some.Zip(await Task.WhenAll(some.Select(id => StockReading.ReadAsync(database, new CouponKeys(id))))))
                stocks.Add(couponId, stock);
        }

        var unread = await UnreadOrdinals.ReadAsync(_tail, stocks.Keys, mostUnread, cancellationToken);

        var balances = new List<CouponBalance>();
        foreach (var some in stocks.Chunk(CouponsAtOnce))
            balances.AddRange(await ReadAsync(some.ToDictionary(), unread, cancellationToken));

        // It may have been replaced, or verified anew, in between.
        var after = new Dictionary<string, VerifiedEpoch>(StringComparer.Ordinal);
        foreach (var shard in shards.Values.DistinctBy(shard => shard.Name))
            after.Add(shard.Name, await VerifiedEpoch.ReadAsync(_redis, shard, _verifications, cancellationToken));
        return [.. balances.Select(Judge)];

        CouponBalance Judge(CouponBalance balance)
        {
            var (then, now) = (before[shards[balance.CouponId].Name], after[shards[balance.CouponId].Name]);
            var unverified = then.Doubt ?? now.Doubt ?? (then == now ? null : "Redis was verified, or replaced, while it was read.");
            if (stocks[balance.CouponId].IsVerifying)
                unverified ??= "Redis has the coupon off sale: it is being verified.";
            return balance with { Epoch = then.Epoch, Unverified = unverified };
        }
    }

    private async Task<IEnumerable<CouponBalance>> ReadAsync(
        Dictionary<long, StockReading> stocks,
        UnreadOrdinals unread,
        CancellationToken cancellationToken
    )
    {
        var connection = await _database.OpenConnectionAsync(cancellationToken);
        IReadOnlyDictionary<long, MySqlReading> inMySql;
        await using (connection)
        {
            inMySql = await MySqlReading.ReadAsync(
                connection,
                stocks.ToDictionary(stock => stock.Key, stock => stock.Value.Loaded ? stock.Value.Issued : (long?)null),
                cancellationToken
            );
        }

        var balances = new List<CouponBalance>();
        foreach (var (couponId, mySql) in inMySql)
        {
            var stock = stocks[couponId];
            await HoldAsync(mySql, stock.Loaded);
            var issuedNow =
                stock.Loaded && mySql.LastPersisted > stock.Issued
                    ? (long?)await _redis.GetDatabase().HashGetAsync(new CouponKeys(couponId).State, StateFields.Issued) ?? stock.Issued
                    : stock.Issued;
            balances.Add(new BalanceSheet(stock, unread, mySql).Add(stock.Loaded ? Math.Max(0, mySql.LastPersisted - issuedNow) : 0));
        }

        return balances;
    }

    // An open dead letter holds its seat where Redis says so of its user, and where Redis knows nothing of the coupon.
    private async Task HoldAsync(MySqlReading mySql, bool isLoaded)
    {
        List<(long Ordinal, long UserId)> claims = [.. mySql.Claims.Where(claim => mySql.IsWithoutRow(claim.Ordinal))];
        if (claims.Count == 0)
            return;
        RedisValue[] users = [.. claims.Select(claim => (RedisValue)claim.UserId)];
        var held = isLoaded ? await _redis.GetDatabase().HashGetAsync(new CouponKeys(mySql.Coupon.Id).Users, users) : null;
        for (var i = 0; i < claims.Count; i++)
        {
            if (held is null || HeldSeat.OrdinalOf(held[i]) == claims[i].Ordinal)
                mySql.DeadLetters.Add(claims[i].Ordinal);
        }
    }

    /// <summary>
    /// Some coupons in groups that can be read each without the others: those of one shard. Those of a shard that is away are one group.
    /// </summary>
    public async Task<IReadOnlyList<IReadOnlyCollection<long>>> GroupsAsync(IEnumerable<long> coupons)
    {
        var shards = await ShardMap.Of(_redis).RecentAsync();
        return [.. coupons.GroupBy(couponId => shards.FirstOrDefault(shard => shard.Covers(couponId))?.Name).Select(group => group.ToList())];
    }

    /// <summary>The coupons that anything can still happen to: not over for a day, or still in Redis. The same as a rebuild takes.</summary>
    public async Task<IReadOnlyList<long>> CurrentCouponsAsync(CancellationToken cancellationToken = default) =>
        await CouponScope.ReadAsync(_redis, _database, cancellationToken);
}

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
    public async Task<IReadOnlyList<CouponBalance>> ReadAsync(IReadOnlyCollection<long> coupons, long mostUnread, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(coupons);
        var database = _redis.GetDatabase();
        var before = await VerifiedEpoch.ReadAsync(_redis, _verifications, cancellationToken);
        var stocks = new Dictionary<long, StockReading>();
        foreach (var couponId in coupons.Distinct())
            stocks.Add(couponId, await StockReading.ReadAsync(database, new CouponKeys(couponId)));
        var unread = await UnreadOrdinals.ReadAsync(_tail, stocks.Keys, mostUnread, cancellationToken);

        var balances = new List<CouponBalance>();
        foreach (var (couponId, stock) in stocks)
        {
            var connection = await _database.OpenConnectionAsync(cancellationToken);
            await using (connection)
            {
                var mySql = await MySqlReading.ReadAsync(connection, couponId, stock.Loaded ? stock.Issued : null, cancellationToken);
                if (mySql is null)
                    continue;
                var issuedNow =
                    stock.Loaded && mySql.LastPersisted > stock.Issued
                        ? (long?)await database.HashGetAsync(new CouponKeys(couponId).State, StateFields.Issued) ?? stock.Issued
                        : stock.Issued;
                balances.Add(new BalanceSheet(stock, unread, mySql).Add(stock.Loaded ? Math.Max(0, mySql.LastPersisted - issuedNow) : 0));
            }
        }

        // It may have been replaced, or verified anew, in between.
        var after = await VerifiedEpoch.ReadAsync(_redis, _verifications, cancellationToken);
        var unverified = before.Doubt ?? after.Doubt ?? (before == after ? null : "Redis was verified, or replaced, while it was read.");
        return
        [
            .. balances.Select(balance =>
                balance with
                {
                    Epoch = before.Epoch,
                    Unverified = unverified ?? (stocks[balance.CouponId].IsVerifying ? "Redis has the coupon off sale: it is being verified." : null),
                }
            ),
        ];
    }

    /// <summary>The coupons that anything can still happen to: not over for a day, or still in Redis. The same as a rebuild takes.</summary>
    public async Task<IReadOnlyList<long>> CurrentCouponsAsync(CancellationToken cancellationToken = default) =>
        await CouponScope.ReadAsync(_redis, _database, cancellationToken);
}

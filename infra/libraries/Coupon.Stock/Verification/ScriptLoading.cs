using Coupon.Stock.Redis;
using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// Opens the fence: loads the scripts, on condition that every coupon in Redis still has the state that this verification gave it. Condition and
/// loading are one transaction, so a Redis that lost data in between does not get the scripts.
/// </summary>
internal sealed class ScriptLoading(IConnectionMultiplexer redis, Shard shard)
{
    /// <summary>Loads them.</summary>
    /// <param name="scripts">The scripts.</param>
    /// <param name="report">What was verified.</param>
    /// <param name="verified">The Redis that was verified.</param>
    /// <param name="answered">What stood in <see cref="ShardKeys.Doubted"/> when the verification began.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VerificationInterruptedException">Redis is not what was verified.</exception>
    public async Task LoadAsync(
        IReadOnlyList<StockScript> scripts,
        VerificationReport report,
        RedisIdentity verified,
        RedisValue answered,
        CancellationToken cancellationToken
    )
    {
        await FlushReplicasAsync(redis);
        var database = redis.GetDatabase();

        // Written after all states, and before the server is asked which one it is: where this is there, they are.
        if (shard.Slots is not null)
            await database.HashSetAsync(shard.Keys.Standing, StandingFields.Completed, report.Id);
        if (await RedisIdentity.ReadAsync(redis, shard) != verified)
            throw new VerificationInterruptedException("Redis restarted or failed over during the verification.");
        cancellationToken.ThrowIfCancellationRequested();

        var transaction = database.CreateTransaction();
        if (shard.Slots is null)
        {
            foreach (var coupon in report.Coupons)
                transaction.AddCondition(Condition.HashEqual(new CouponKeys(coupon.CouponId).State, StateFields.Verified, report.Id));
        }
        else
        {
            // A transaction of a cluster has the keys of one slot.
            transaction.AddCondition(Condition.HashEqual(shard.Keys.Standing, StandingFields.Completed, report.Id));
        }

        // A doubt that was raised since the verification began is not answered by it.
        transaction.AddCondition(answered.IsNull ? Condition.KeyNotExists(shard.Keys.Doubted) : Condition.StringEqual(shard.Keys.Doubted, answered));

        // The marker first: its key says which server of a cluster the transaction is for.
        var writes = scripts
            .Select(script => (Task)transaction.ExecuteAsync("SCRIPT", "LOAD", script.Text))
            .Prepend(transaction.StringSetAsync(shard.Keys.Verified, new VerifiedMarker(report.Id, verified.History).ToValue()))
            .Append(transaction.KeyDeleteAsync(shard.Keys.Doubted))
            .ToList();
        if (!await transaction.ExecuteAsync())
            throw new VerificationInterruptedException(
                "Redis lost data, another verification took over, or MySQL was doubted once more, before the scripts were loaded."
            );
        await Task.WhenAll(writes);
    }

    /// <summary>
    /// A replica may become the primary with less than the primary had: it must not know the scripts then. What the client takes for a replica may
    /// have been promoted, and verified by another process, since the client last looked: so the server itself is asked first.
    /// </summary>
    public static async Task FlushReplicasAsync(IConnectionMultiplexer redis)
    {
        foreach (var replica in redis.GetServers().Where(server => server is { IsConnected: true, IsReplica: true }))
        {
            try
            {
                if ((string?)(await replica.ExecuteAsync("ROLE"))[0] == "slave")
                    await replica.ExecuteAsync("SCRIPT", "FLUSH");
            }
            catch (Exception exception) when (RedisFailure.Is(exception))
            {
                // It hangs, or loads what the primary sends it: no reason to stop selling from the primary. The next look asks it again, and where it
                // is promoted before that, its replication id says that it is not the one that was verified.
            }
        }
    }
}

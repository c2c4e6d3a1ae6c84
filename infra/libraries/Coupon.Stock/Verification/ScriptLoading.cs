using Coupon.Stock.Redis;
using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// Opens the fence: loads the scripts, on condition that every coupon in Redis still has the state that this verification gave it. Condition and
/// loading are one transaction, so a Redis that lost data in between does not get the scripts.
/// </summary>
internal sealed class ScriptLoading(IConnectionMultiplexer redis)
{
    /// <summary>Loads them.</summary>
    /// <param name="scripts">The scripts.</param>
    /// <param name="report">What was verified.</param>
    /// <param name="verified">The Redis that was verified.</param>
    /// <param name="answered">What stood in <see cref="CouponKeys.Doubted"/> when the verification began.</param>
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
        if (await RedisIdentity.ReadAsync(redis) != verified)
            throw new VerificationInterruptedException("Redis restarted or failed over during the verification.");
        cancellationToken.ThrowIfCancellationRequested();

        var primaries = await RedisIdentity.PrimariesAsync(redis);
        var marker = new VerifiedMarker(report.Id, verified.Histories).ToValue();
        if (primaries is not [{ ServerType: not ServerType.Cluster }])
        {
            // A transaction cannot span the nodes of a cluster: there, what was asked a moment ago has to do.
            foreach (var primary in primaries)
            {
                foreach (var script in scripts)
                    await primary.ScriptLoadAsync(script.Text);
            }

            var doubt = redis.GetDatabase().CreateTransaction();
            doubt.AddCondition(IsStill(answered));
            _ = doubt.KeyDeleteAsync(CouponKeys.Doubted);
            if (!await doubt.ExecuteAsync())
                throw DoubtedAgain();
            await redis.GetDatabase().StringSetAsync(CouponKeys.Verified, marker);
            return;
        }

        var transaction = redis.GetDatabase().CreateTransaction();
        foreach (var coupon in report.Coupons)
            transaction.AddCondition(Condition.HashEqual(new CouponKeys(coupon.CouponId).State, StateFields.Verified, report.Id));
        transaction.AddCondition(IsStill(answered));
        var writes = scripts
            .Select(script => (Task)transaction.ExecuteAsync("SCRIPT", "LOAD", script.Text))
            .Append(transaction.StringSetAsync(CouponKeys.Verified, marker))
            .Append(transaction.KeyDeleteAsync(CouponKeys.Doubted))
            .ToList();
        if (!await transaction.ExecuteAsync())
            throw new VerificationInterruptedException(
                "Redis lost data, another verification took over, or MySQL was doubted once more, before the scripts were loaded."
            );
        await Task.WhenAll(writes);
    }

    // A doubt that was raised since the verification began is not answered by it.
    private static Condition IsStill(RedisValue answered) =>
        answered.IsNull ? Condition.KeyNotExists(CouponKeys.Doubted) : Condition.StringEqual(CouponKeys.Doubted, answered);

    private static VerificationInterruptedException DoubtedAgain() => new("MySQL was doubted once more during the verification.");

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

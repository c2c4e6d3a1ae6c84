using Coupon.Stock.MySql;
using Coupon.Stock.Redis;
using Coupon.Stock.Shards;
using Coupon.Stock.Tail;
using Dapper;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Stock.Verification;

/// <summary>
/// Verifies the stock in Redis against MySQL and the topics and brings it up to them. docs/rebuild.md says why each step stands where it stands.
/// </summary>
public sealed class StockVerifier
{
    private readonly IConnectionMultiplexer _redis;
    private readonly MySqlDataSource _database;
    private readonly CouponTail _tail;
    private readonly VerificationLog _log;
    private readonly HandedBackSeats _handedBack;
    private readonly DatabaseFence _mySql;
    private readonly VerificationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<StockVerifier> _logger;

    internal StockVerifier(
        IConnectionMultiplexer redis,
        MySqlDataSource database,
        CouponTail tail,
        VerificationLog log,
        DatabaseFence mySql,
        VerificationOptions options,
        TimeProvider time,
        ILogger<StockVerifier> logger
    ) =>
        (_redis, _database, _tail, _log, _mySql, _handedBack, _options, _time, _logger) = (
            redis,
            database,
            tail,
            log,
            mySql,
            new HandedBackSeats(database),
            options,
            time,
            logger
        );

    /// <summary>Verifies some coupons; they sell nothing meanwhile. Safe to interrupt and to run twice.</summary>
    /// <param name="coupons">Which; null: all that MySQL knows as not long closed. What MySQL does not know is left out.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="cancellationToken">Interrupts it; what was begun is off sale until the next verification.</param>
    /// <returns>What was found; null where another verification runs. Of a cluster, the findings of all its shards under the last id.</returns>
    /// <exception cref="VerificationInterruptedException">Redis lost data again meanwhile: try again.</exception>
    /// <exception cref="RedisConnectionException">A shard is away in which some of them are.</exception>
    public async Task<VerificationReport?> RebuildAsync(
        IReadOnlyCollection<long>? coupons,
        string reason,
        CancellationToken cancellationToken = default
    )
    {
        var reports = new List<VerificationReport>();
        foreach (var (shard, some) in await ByShardAsync(coupons))
        {
            if (await RebuildAsync(shard, some, reason, cancellationToken) is not { } report)
                return null;
            reports.Add(report);
        }

        return VerificationReport.Of(reports);
    }

    /// <summary>
    /// Verifies every coupon of a shard, removes those that were deleted and writes the rows again that MySQL has lost, then loads the scripts
    /// without which nothing is sold. Where MySQL is doubted, all shards are verified: their rows may be lost too.
    /// </summary>
    /// <param name="shard">Which.</param>
    /// <param name="scripts">Which scripts.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="after">The last one that the caller has heard of: this one's id is larger.</param>
    /// <param name="cancellationToken">Interrupts it; what was begun is off sale until the next verification.</param>
    internal async Task<VerificationReport?> VerifyEverythingAsync(
        Shard shard,
        IReadOnlyList<StockScript> scripts,
        string reason,
        long after,
        CancellationToken cancellationToken
    )
    {
        var isMySqlDoubted = await _mySql.CheckAsync(cancellationToken) is not null || await DoubtedAsync(shard) is { IsNull: false };
        var shards = isMySqlDoubted && shard.Slots is not null ? await ShardMap.Of(_redis).RequireAllAsync() : [shard];
        return await LockedAsync(
            shards,
            held => MeasuredAsync(everyCoupon: true, () => VerifyEverythingAsync(shards, scripts, reason, after, held)),
            cancellationToken
        );
    }

    private async Task<VerificationReport> VerifyEverythingAsync(
        IReadOnlyList<Shard> shards,
        IReadOnlyList<StockScript> scripts,
        string reason,
        long after,
        CancellationToken cancellationToken
    )
    {
        var begun = new List<BegunVerification>();
        foreach (var shard in shards)
            begun.Add(new BegunVerification(shard, await OpenAsync(shard, everyCoupon: true, reason, after, cancellationToken)));
        var doubt = await _mySql.CheckAsync(cancellationToken);
        if (doubt is not null || await IsDoubtedAsync(shards))
        {
            // After this pause the other processes have seen the same, and the instances have shown themselves to the current server.
            await Task.Delay(_options.HeartbeatInterval + _options.WatchInterval, _time, cancellationToken);
        }

        if (
            (doubt is not null || await IsDoubtedAsync(shards))
            && shards is [{ Slots: not null }]
            && (await ShardMap.Of(_redis).ReadAsync()).Count > 1
        )
            throw new VerificationInterruptedException("MySQL is doubted: all shards have to be verified, not one.");
        var server = await _mySql.ServerAsync(cancellationToken);
        foreach (var verification in begun)
        {
            verification.Doubted = await DoubtedAsync(verification.Shard);
            verification.Identity = await RedisIdentity.ReadAsync(_redis, verification.Shard);

            // A lost row is sent again from Redis if Redis has forgotten nothing; otherwise every message that Kafka still has counts, even one
            // that was read long ago.
            var isMySqlDoubted = doubt is not null || !verification.Doubted.IsNull;
            var fromTheBeginning =
                isMySqlDoubted && (await RedisLook.ReadAsync(_redis, verification.Shard, scripts, 0, TimeSpan.MaxValue)).Doubt is not null;
            await new DeletedCoupons(_redis, verification.Shard, _database, _logger).RemoveAsync(cancellationToken);
            await new LostCoupons(_redis, verification.Shard, _database, _logger).RestoreAsync(null, cancellationToken);
            verification.Report = await VerifyAsync(verification.Id, verification.Shard, null, fromTheBeginning, cancellationToken);
        }

        if (doubt is not null)
            await _mySql.AcceptAsync(server, cancellationToken);
        else if (await _mySql.CheckAsync(cancellationToken) is not null)
            throw new VerificationInterruptedException("MySQL has failed over, or gone back in time, during the verification.");
        foreach (var verification in begun)
        {
            var (shard, report) = (verification.Shard, verification.Report!);
            await new ScriptLoading(_redis, shard).LoadAsync(scripts, report, verification.Identity!, verification.Doubted, cancellationToken);
            await CompletedAsync(report, cancellationToken);
        }

        return VerificationReport.Of([.. begun.Select(verification => verification.Report!)])!;
    }

    private Task<VerificationReport?> RebuildAsync(
        Shard shard,
        IReadOnlyCollection<long>? coupons,
        string reason,
        CancellationToken cancellationToken
    ) => LockedAsync([shard], held => MeasuredAsync(everyCoupon: false, () => RebuildLockedAsync(shard, coupons, reason, held)), cancellationToken);

    private async Task<VerificationReport> RebuildLockedAsync(
        Shard shard,
        IReadOnlyCollection<long>? coupons,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var id = await OpenAsync(shard, everyCoupon: false, reason, 0, cancellationToken);

        // Where MySQL has lost something, all coupons are verified, not one.
        if (await _mySql.CheckAsync(cancellationToken) is { } doubt)
            throw new VerificationInterruptedException($"Everything has to be verified first: {doubt.Reason}.");
        await new DeletedCoupons(_redis, shard, _database, _logger).RemoveAsync(cancellationToken);
        await new LostCoupons(_redis, shard, _database, _logger).RestoreAsync(coupons, cancellationToken);
        var report = await VerifyAsync(id, shard, coupons, fromTheBeginning: false, cancellationToken);
        await CompletedAsync(report, cancellationToken);
        return report;
    }

    private async Task<VerificationReport> MeasuredAsync(bool everyCoupon, Func<Task<VerificationReport>> verify)
    {
        var (began, isCompleted) = (_time.GetTimestamp(), false);
        try
        {
            var report = await verify();
            isCompleted = true;
            return report;
        }
        finally
        {
            StockMetrics.Verified(everyCoupon, isCompleted, _time.GetElapsedTime(began));
        }
    }

    private async Task<IReadOnlyList<(Shard Shard, IReadOnlyCollection<long>? Coupons)>> ByShardAsync(IReadOnlyCollection<long>? coupons)
    {
        if (coupons is null)
            return [.. (await ShardMap.Of(_redis).RequireAllAsync()).Select(shard => (shard, (IReadOnlyCollection<long>?)null))];
        var byShard = new Dictionary<string, (Shard Shard, List<long> Coupons)>(StringComparer.Ordinal);
        foreach (var couponId in coupons)
        {
            var shard = await ShardMap.Of(_redis).OfAsync(couponId);
            byShard.TryAdd(shard.Name, (shard, []));
            byShard[shard.Name].Coupons.Add(couponId);
        }

        return [.. byShard.Values.Select(some => (some.Shard, (IReadOnlyCollection<long>?)some.Coupons))];
    }

    private Task<RedisValue> DoubtedAsync(Shard shard) => _redis.GetDatabase().StringGetAsync(shard.Keys.Doubted);

    private async Task<bool> IsDoubtedAsync(IReadOnlyList<Shard> shards)
    {
        foreach (var shard in shards)
        {
            if (await DoubtedAsync(shard) is { IsNull: false })
                return true;
        }

        return false;
    }

    private async Task<long> OpenAsync(Shard shard, bool everyCoupon, string reason, long after, CancellationToken cancellationToken)
    {
        var marker = await VerifiedMarker.ReadAsync(_redis.GetDatabase(), shard);
        var lastKnown = Math.Max(after, marker?.Epoch ?? 0);
        var id = await _log.OpenAsync(shard, everyCoupon, reason, InstanceName.OfThisProcess, lastKnown, cancellationToken);
        Log.VerificationBegins(_logger, id, shard.Slots is null ? "the stock" : $"the shard with slot {shard.Name}", reason);
        return id;
    }

    private async Task CompletedAsync(VerificationReport report, CancellationToken cancellationToken)
    {
        await _log.CompletedAsync(report, cancellationToken);
        Report(report);
    }

    // In the order of their names, so that two processes that want all of them do not have one each.
    private async Task<VerificationReport?> LockedAsync(
        IReadOnlyList<Shard> shards,
        Func<CancellationToken, Task<VerificationReport>> verify,
        CancellationToken cancellationToken
    )
    {
        if (shards.Count == 0)
            return await verify(cancellationToken);
        var held = await VerifierLock.TryTakeAsync(_redis.GetDatabase(), shards[0], _options.LockTime, _time, cancellationToken);
        if (held is null)
            return null;
        await using (held)
        {
            try
            {
                return await LockedAsync([.. shards.Skip(1)], verify, held.Held);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new VerificationInterruptedException("The lock was lost during the verification.");
            }
        }
    }

    private async Task<VerificationReport> VerifyAsync(
        long id,
        Shard shard,
        IReadOnlyCollection<long>? coupons,
        bool fromTheBeginning,
        CancellationToken cancellationToken
    )
    {
        var began = _time.GetTimestamp();
        var before = await RedisIdentity.ReadAsync(_redis, shard);
        var verifications = (await ScopeAsync(shard, coupons, cancellationToken)).ConvertAll(couponId => new CouponVerification(
            _redis.GetDatabase(),
            new PersistedSeats(_database),
            new ForgottenOrdinals(_database),
            shard,
            id,
            couponId,
            _logger
        ));

        await EachAsync(verifications, verification => verification.BeginAsync(), cancellationToken);
        var settlement = new Settlement(_redis.GetDatabase(), shard, _log, _options, _time, _logger);
        await settlement.BeginAsync(id);
        await _log.FencedAsync(id, before, cancellationToken);
        await settlement.WaitAsync(id, cancellationToken);
        var settled = _time.GetElapsedTime(began);

        // Before the outboxes, into which another verification may still move them: one that was frozen and goes on. The seats of other coupons stay
        // for a verification of their own (StockFence).
        var handedBack = await _handedBack.ReadAsync(cancellationToken);
        await EachAsync(verifications, verification => verification.ReadRedisAsync(cancellationToken), cancellationToken);
        if (await RedisIdentity.ReadAsync(_redis, shard) != before)
            throw new VerificationInterruptedException("Redis restarted or failed over before what instances handed back was read.");
        var byCoupon = verifications.ToDictionary(verification => verification.CouponId);
        handedBack.RemoveAll(seat => !byCoupon.ContainsKey(seat.CouponId));
        foreach (var coupon in handedBack.GroupBy(seat => seat.CouponId))
            byCoupon[coupon.Key].TakeHandedBack(coupon);
        var strangers = new Dictionary<long, int>();
        void Take(HeldSeat seat) => byCoupon.GetValueOrDefault(seat.CouponId)?.Take(seat);
        void TakeRead(HeldSeat seat)
        {
            if (byCoupon.TryGetValue(seat.CouponId, out var verification))
                verification.TakeRead(seat);
            else if (shard.Covers(seat.CouponId))
                strangers[seat.CouponId] = strangers.GetValueOrDefault(seat.CouponId) + 1;
        }

        var missing = await _tail.ReadAsync(Take, Take, long.MaxValue, cancellationToken, fromTheBeginning ? TakeRead : null);
        await ReportStrangersAsync(strangers, cancellationToken);
        if (
            missing.Count > 0
            && (verifications.Exists(verification => verification.OrdinalBefore > 0) || await AnythingIssuedAsync(cancellationToken))
        )
            throw new VerificationInterruptedException(
                $"Coupons were issued, but there is no topic {string.Join(", ", missing)}: what is on its way in it cannot be known."
            );

        var findings = await new UnsoldCoupons(_redis, _database, shard).CompleteAsync(verifications, cancellationToken);
        var onSale = findings.Select(coupon => coupon.CouponId).ToHashSet();
        await EachAsync(
            verifications.FindAll(verification => !onSale.Contains(verification.CouponId)),
            async verification =>
            {
                var found = await verification.RunAsync(cancellationToken);

                // Immediately, not when the slowest coupon is done: this one already sells, although it may have just been closed.
                await FollowTermsAsync(verification.CouponId, cancellationToken);
                lock (findings)
                    findings.Add(found);
            },
            cancellationToken
        );
        await _handedBack.RemoveAsync(handedBack, cancellationToken);

        // Seats may have come back, by a restock that Redis did not know or from forgotten ordinals, and a former holder may have lost a seat.
        await Task.WhenAll(findings.Select(coupon => _redis.GetDatabase().PublishAsync(CouponKeys.Changed, coupon.CouponId)));

        return new VerificationReport(
            id,
            [.. findings.OrderBy(coupon => coupon.CouponId)],
            settled.TotalSeconds,
            _time.GetElapsedTime(began).TotalSeconds
        );
    }

    private async Task<List<long>> ScopeAsync(Shard shard, IReadOnlyCollection<long>? coupons, CancellationToken cancellationToken)
    {
        if (coupons is null)
            return await CouponScope.ReadAsync(_redis, shard, _database, cancellationToken);
        var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            // A list must not be empty; no coupon has the id 0.
            return (
                await connection.QueryAsync<long>(
                    new CommandDefinition(
                        "SELECT id FROM coupons WHERE id IN @ids",
                        new { ids = coupons.Append(0) },
                        cancellationToken: cancellationToken
                    )
                )
            ).AsList();
        }
    }

    // Ended long ago, deleted, or known to Kafka alone: nothing is left from which the row of the last kind could be written again.
    private async Task ReportStrangersAsync(Dictionary<long, int> strangers, CancellationToken cancellationToken)
    {
        if (strangers.Count == 0)
            return;
        var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            var known = await connection.QueryAsync<long>(
                new CommandDefinition(
                    "SELECT id FROM coupons WHERE id IN @ids UNION SELECT id FROM deleted_coupons WHERE id IN @ids",
                    new { ids = strangers.Keys },
                    cancellationToken: cancellationToken
                )
            );
            foreach (var couponId in strangers.Keys.Except(known))
                Log.CouponOnlyInKafka(_logger, couponId, strangers[couponId]);
        }
    }

    private async Task<bool> AnythingIssuedAsync(CancellationToken cancellationToken)
    {
        var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            return await connection.ExecuteScalarAsync<bool>(
                new CommandDefinition("SELECT EXISTS (SELECT 1 FROM issued_coupons)", cancellationToken: cancellationToken)
            );
        }
    }

    // A restock or a close found no state in Redis if it came after the terms were read and before the coupon was on sale again.
    private async Task FollowTermsAsync(long couponId, CancellationToken cancellationToken)
    {
        if (await new PersistedSeats(_database).TermsAsync(couponId, cancellationToken) is { } terms)
            await new StockTerms(_redis).ApplyAsync(terms);
    }

    private Task EachAsync(List<CouponVerification> verifications, Func<CouponVerification, Task> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            verifications,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken },
            (verification, _) => new ValueTask(act(verification))
        );

    private void Report(VerificationReport report)
    {
        // Of a coupon that was not sold from there is nothing to say, and there may be thousands.
        foreach (var coupon in report.Coupons.Where(coupon => coupon.OrdinalAfter > 0))
        {
            Log.CouponVerified(
                _logger,
                coupon.CouponId,
                coupon.UsersAdded,
                coupon.OrdinalBefore,
                coupon.OrdinalAfter,
                coupon.OutboxAdded,
                coupon.Remaining
            );
            if (coupon.OrdinalsForgotten > 0)
                Log.OrdinalsForgotten(_logger, coupon.CouponId, coupon.OrdinalsForgotten);
            if (coupon.OrdinalsMissing + coupon.Conflicts > 0)
                Log.CouponDoesNotAddUp(_logger, coupon.CouponId, coupon.OrdinalsMissing, coupon.Conflicts);
        }

        Log.VerificationDone(_logger, report.Id, report.Coupons.Count, report.Seconds, report.SettleSeconds);
    }

    private sealed class BegunVerification(Shard shard, long id)
    {
        public Shard Shard => shard;

        public long Id => id;

        public RedisIdentity? Identity { get; set; }

        public RedisValue Doubted { get; set; }

        public VerificationReport? Report { get; set; }
    }
}

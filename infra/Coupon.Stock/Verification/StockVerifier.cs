using System.Diagnostics;
using Coupon.Stock.Tail;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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
    private readonly VerificationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<StockVerifier> _logger;

    internal StockVerifier(
        IConnectionMultiplexer redis, MySqlDataSource database, CouponTail tail, VerificationLog log,
        IOptions<VerificationOptions> options, TimeProvider time, ILogger<StockVerifier> logger) =>
        (_redis, _database, _tail, _log, _handedBack, _options, _time, _logger) =
            (redis, database, tail, log, new HandedBackSeats(database), options.Value, time, logger);

    /// <summary>Verifies some coupons; they sell nothing meanwhile. Safe to interrupt and to run twice.</summary>
    /// <param name="coupons">Which; null: all that MySQL knows as not long closed. What MySQL does not know is left out.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="cancellationToken">Interrupts it; what was begun is off sale until the next verification.</param>
    /// <returns>What was found; null where another verification is under way.</returns>
    /// <exception cref="VerificationInterruptedException">Redis lost data again meanwhile: try again.</exception>
    public Task<VerificationReport?> RebuildAsync(IReadOnlyCollection<long>? coupons, string reason, CancellationToken cancellationToken = default) =>
        LockedAsync((id, held) => VerifyAsync(id, coupons, held), everyCoupon: false, reason, 0, cancellationToken);

    /// <summary>Verifies every coupon and removes those that were deleted, then loads the scripts without which nothing is sold.</summary>
    /// <param name="scripts">Which.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="after">The last one that the caller has heard of: this one's id is larger.</param>
    /// <param name="cancellationToken">Interrupts it; what was begun is off sale until the next verification.</param>
    internal Task<VerificationReport?> VerifyEverythingAsync(IReadOnlyList<StockScript> scripts, string reason, long after, CancellationToken cancellationToken) =>
        LockedAsync(async (id, held) =>
        {
            var identity = await RedisIdentity.ReadAsync(_redis).ConfigureAwait(false);
            await new DeletedCoupons(_redis, _database, _logger).RemoveAsync(held).ConfigureAwait(false);
            var report = await VerifyAsync(id, null, held).ConfigureAwait(false);
            await new ScriptLoading(_redis).LoadAsync(scripts, report, identity, held).ConfigureAwait(false);
            return report;
        }, everyCoupon: true, reason, after, cancellationToken);

    private async Task<VerificationReport?> LockedAsync(
        Func<long, CancellationToken, Task<VerificationReport>> verify, bool everyCoupon, string reason, long after, CancellationToken cancellationToken)
    {
        var held = await VerifierLock.TryTakeAsync(_redis.GetDatabase(), _options.LockTime, _time, cancellationToken).ConfigureAwait(false);
        if (held is null) return null;
        await using (held.ConfigureAwait(false))
        {
            try
            {
                var marker = VerifiedMarker.Parse(await _redis.GetDatabase().StringGetAsync(CouponKeys.Verified).ConfigureAwait(false));
                var id = await _log.OpenAsync(everyCoupon, reason, InstanceName.OfThisProcess, Math.Max(after, marker?.Epoch ?? 0), held.Held).ConfigureAwait(false);
                Log.VerificationBegins(_logger, id, reason);
                var report = await verify(id, held.Held).ConfigureAwait(false);
                await _log.CompletedAsync(report, cancellationToken).ConfigureAwait(false);
                Report(report);
                return report;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new VerificationInterruptedException("The lock was lost during the verification.");
            }
        }
    }

    private async Task<VerificationReport> VerifyAsync(long id, IReadOnlyCollection<long>? coupons, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var before = await RedisIdentity.ReadAsync(_redis).ConfigureAwait(false);
        var verifications = (await ScopeAsync(coupons, cancellationToken).ConfigureAwait(false)).ConvertAll(couponId => new CouponVerification(
            _redis.GetDatabase(), new PersistedSeats(_database), new ForgottenOrdinals(_database, _time), id, couponId));

        await EachAsync(verifications, verification => verification.BeginAsync(), cancellationToken).ConfigureAwait(false);
        var settlement = new Settlement(_redis.GetDatabase(), _log, _options, _time, _logger);
        await settlement.BeginAsync(id).ConfigureAwait(false);
        await _log.FencedAsync(id, before, cancellationToken).ConfigureAwait(false);
        await settlement.WaitAsync(id, cancellationToken).ConfigureAwait(false);
        var settled = watch.Elapsed;

        await EachAsync(verifications, verification => verification.ReadRedisAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        if (await RedisIdentity.ReadAsync(_redis).ConfigureAwait(false) != before)
            throw new VerificationInterruptedException("Redis restarted or failed over before what instances handed back was read.");
        var byCoupon = verifications.ToDictionary(verification => verification.CouponId);
        var handedBack = await TakeHandedBackAsync(byCoupon, cancellationToken).ConfigureAwait(false);
        void Take(HeldSeat seat) => byCoupon.GetValueOrDefault(seat.CouponId)?.Take(seat);
        var missing = await _tail.ReadAsync(Take, Take, long.MaxValue, cancellationToken).ConfigureAwait(false);
        if (missing.Count > 0 && (verifications.Exists(verification => verification.OrdinalBefore > 0) || await AnythingIssuedAsync(cancellationToken).ConfigureAwait(false)))
            throw new VerificationInterruptedException($"Coupons were issued, but there is no topic {string.Join(", ", missing)}: what is on its way in it cannot be known.");

        var findings = new List<CouponFindings>();
        await EachAsync(verifications, async verification =>
        {
            var found = await verification.RunAsync(cancellationToken).ConfigureAwait(false);

            // At once, not when the slowest coupon is done: it sells already, perhaps though it has just been closed.
            await FollowTermsAsync(verification.CouponId, cancellationToken).ConfigureAwait(false);
            lock (findings) findings.Add(found);
        }, cancellationToken).ConfigureAwait(false);
        await _handedBack.RemoveAsync(handedBack, cancellationToken).ConfigureAwait(false);
        foreach (var coupon in findings)
        {
            // Seats may have come back, by a restock that Redis had not heard of or from ordinals that are nobody's, and who held one may not hold it any more.
            await _redis.GetDatabase().PublishAsync(CouponKeys.Changed, coupon.CouponId).ConfigureAwait(false);
        }

        return new VerificationReport(id, [.. findings.OrderBy(coupon => coupon.CouponId)], settled.TotalSeconds, watch.Elapsed.TotalSeconds);
    }

    private async Task<List<long>> ScopeAsync(IReadOnlyCollection<long>? coupons, CancellationToken cancellationToken)
    {
        if (coupons is null) return await CouponScope.ReadAsync(_redis, _database, _time, cancellationToken).ConfigureAwait(false);
        var connection = await _database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            // A list must not be empty; no coupon has the id 0.
            return (await connection.QueryAsync<long>(new CommandDefinition(
                "SELECT id FROM coupons WHERE id IN @ids", new { ids = coupons.Append(0) }, cancellationToken: cancellationToken)).ConfigureAwait(false)).AsList();
        }
    }

    private async Task<bool> AnythingIssuedAsync(CancellationToken cancellationToken)
    {
        var connection = await _database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "SELECT EXISTS (SELECT 1 FROM issued_coupons)", cancellationToken: cancellationToken)).ConfigureAwait(false);
        }
    }

    // What instances could not hand back to this Redis; of coupons that are not verified, it is only to be sent.
    private async Task<List<HeldSeat>> TakeHandedBackAsync(Dictionary<long, CouponVerification> verifications, CancellationToken cancellationToken)
    {
        var seats = await _handedBack.ReadAsync(cancellationToken).ConfigureAwait(false);
        foreach (var coupon in seats.GroupBy(seat => seat.CouponId))
        {
            if (verifications.TryGetValue(coupon.Key, out var verification)) verification.TakeHandedBack(coupon);
            else await OutboxHandBack.AddAsync(_redis.GetDatabase(), new CouponKeys(coupon.Key), coupon.Select(seat => seat.ToOutbox()), TimeSpan.Zero).ConfigureAwait(false);
        }

        return seats;
    }

    // A restock or a close that came between the terms that were read and the coupon being on sale again found nothing to add to.
    private async Task FollowTermsAsync(long couponId, CancellationToken cancellationToken)
    {
        if (await new PersistedSeats(_database).TermsAsync(couponId, cancellationToken).ConfigureAwait(false) is { } terms)
            await new StockTerms(_redis).ApplyAsync(terms).ConfigureAwait(false);
    }

    private Task EachAsync(List<CouponVerification> verifications, Func<CouponVerification, Task> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(verifications, new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellationToken },
            (verification, _) => new ValueTask(act(verification)));

    private void Report(VerificationReport report)
    {
        foreach (var coupon in report.Coupons)
        {
            Log.CouponVerified(_logger, coupon.CouponId, coupon.UsersAdded, coupon.OrdinalBefore, coupon.OrdinalAfter, coupon.OutboxAdded, coupon.Remaining);
            if (coupon.OrdinalsForgotten > 0) Log.OrdinalsForgotten(_logger, coupon.CouponId, coupon.OrdinalsForgotten);
            if (coupon.OrdinalsMissing + coupon.Conflicts > 0) Log.CouponDoesNotAddUp(_logger, coupon.CouponId, coupon.OrdinalsMissing, coupon.Conflicts);
        }

        Log.VerificationDone(_logger, report.Id, report.Coupons.Count, report.Seconds, report.SettleSeconds);
    }
}

using System.Collections.Concurrent;
using Coupon.Api.Issuing;
using Coupon.Api.Problems;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.MySql;
using Microsoft.AspNetCore.Http.HttpResults;
using MySqlConnector;

namespace Coupon.Api.Coupons;

/// <summary>
/// Redis does not know a coupon: does anybody? One that MySQL knows is verified and comes back; one that was over long ago is answered from MySQL;
/// any other does not exist. What was found is remembered for a moment, few are looked up at a time, and nobody waits for that for long: neither a
/// flood of
/// nonsense nor a hot coupon that is being verified loads MySQL.
/// </summary>
internal sealed class MissingCoupons(MySqlDataSource database, IStockFence fence, DatabaseFence mySql, TimeProvider time) : IDisposable
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan _remembered = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestLookUp = TimeSpan.FromSeconds(1);
    private static readonly Refusal _unknown = new(ProblemKinds.UnknownCoupon);
    private static readonly Refusal _unverified = new(ProblemKinds.StockUnverified);
    private static readonly Refusal _closed = new(ProblemKinds.Closed);

    private readonly ConcurrentDictionary<long, (Refusal Refusal, long Since)> _found = new();
    private readonly SemaphoreSlim _lookUps = new(4);

    public async Task<Results<IssuanceAccepted, Refusal>> ExplainAsync(long couponId, long userId, long? keyHash, CancellationToken cancellationToken)
    {
        if (couponId <= 0)
            return _unknown;
        if (Found(couponId) is { } found)
            return found;
        if (!await _lookUps.WaitAsync(_patience, cancellationToken))
            return _unverified;
        try
        {
            return Found(couponId) ?? await LookUpInTimeAsync(couponId, userId, keyHash, cancellationToken);
        }
        finally
        {
            _lookUps.Release();
        }
    }

    public void Dispose() => _lookUps.Dispose();

    private Refusal? Found(long couponId) =>
        _found.TryGetValue(couponId, out var found) && time.GetElapsedTime(found.Since) < _remembered ? found.Refusal : null;

    private Refusal Remember(long couponId, Refusal refusal)
    {
        if (_found.Count >= MostRemembered)
            _found.Clear();
        _found[couponId] = (refusal, time.GetTimestamp());
        return refusal;
    }

    // A database that does not answer says nothing about the coupon: ask again, and until then it is not asked again either.
    private async Task<Results<IssuanceAccepted, Refusal>> LookUpInTimeAsync(
        long couponId,
        long userId,
        long? keyHash,
        CancellationToken cancellationToken
    )
    {
        using var patience = new CancellationTokenSource(_longestLookUp, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await LookUpAsync(couponId, userId, keyHash, either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && SaysNothing(exception))
        {
            return Remember(couponId, _unverified);
        }
    }

    private static bool SaysNothing(Exception exception) =>
        exception is OperationCanceledException || (exception is MySqlException failure && DatabaseFailure.IsAway(failure));

    private async Task<Results<IssuanceAccepted, Refusal>> LookUpAsync(long couponId, long userId, long? keyHash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var coupon = await connection.FindCouponAsync(couponId, cancellationToken);

        // A MySQL that went back in time does not know the coupons that were created since.
        if (coupon is null)
            return Remember(couponId, mySql.Doubt is null ? _unknown : _unverified);
        if (!CouponExpiry.IsDue(coupon))
        {
            fence.DoubtCoupon(couponId);
            return Remember(couponId, _unverified);
        }

        var held = await connection.FindIssuedCouponAsync(couponId, userId, cancellationToken);
        if (held is null)
            return _closed;
        return keyHash is not null && keyHash == held.IdempotencyKeyHash
            ? new IssuanceAccepted(
                couponId,
                userId,
                new IssueReply(IssueOutcome.Repeated, held.Ordinal, new DateTimeOffset(held.IssuedAt).ToUnixTimeMilliseconds())
            )
            : IssueRefusals.AlreadyIssued(couponId, held.Ordinal, held.IssuedAt);
    }
}

using System.Collections.Concurrent;
using Coupon.Api.Issuing;
using Coupon.Api.Problems;
using Coupon.Database;
using Coupon.Stock;
using Microsoft.AspNetCore.Http.HttpResults;
using MySqlConnector;

namespace Coupon.Api.Coupons;

/// <summary>
/// Redis does not know a coupon: does anybody? One that MySQL knows is verified and comes back; one that was over long ago is answered from MySQL;
/// any other does not exist. Ids that do not exist are remembered for a moment, and few are looked up at a time, so that asking for nonsense does not load MySQL.
/// </summary>
internal sealed class MissingCoupons(MySqlDataSource database, IStockFence fence, TimeProvider time) : IDisposable
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);
    private static readonly Refusal Unknown = new(ProblemKinds.UnknownCoupon);
    private static readonly Refusal Unverified = new(ProblemKinds.StockUnverified);
    private static readonly Refusal Closed = new(ProblemKinds.Closed);

    private readonly ConcurrentDictionary<long, long> _unknown = new();
    private readonly SemaphoreSlim _lookUps = new(4);

    public async Task<Results<IssuanceAccepted, Refusal>> ExplainAsync(long couponId, long userId, long? keyHash, CancellationToken cancellationToken)
    {
        if (couponId <= 0 || IsKnownToBeUnknown(couponId)) return Unknown;
        await _lookUps.WaitAsync(cancellationToken);
        try
        {
            return IsKnownToBeUnknown(couponId) ? Unknown : await LookUpAsync(couponId, userId, keyHash, cancellationToken);
        }
        finally
        {
            _lookUps.Release();
        }
    }

    public void Dispose() => _lookUps.Dispose();

    private bool IsKnownToBeUnknown(long couponId) => _unknown.TryGetValue(couponId, out var since) && time.GetElapsedTime(since) < Remembered;

    private async Task<Results<IssuanceAccepted, Refusal>> LookUpAsync(long couponId, long userId, long? keyHash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var coupon = await connection.FindCouponAsync(couponId, cancellationToken);
        if (coupon is null)
        {
            if (_unknown.Count >= MostRemembered) _unknown.Clear();
            _unknown[couponId] = time.GetTimestamp();
            return Unknown;
        }

        if (!CouponExpiry.IsDue(coupon, time.GetUtcNow()))
        {
            fence.DoubtCoupon(couponId);
            return Unverified;
        }

        var held = await connection.FindIssuedCouponAsync(couponId, userId, cancellationToken);
        if (held is null) return Closed;
        return keyHash is not null && keyHash == held.IdempotencyKeyHash
            ? new IssuanceAccepted(couponId, userId, new IssueReply(IssueOutcome.Repeated, held.Ordinal, new DateTimeOffset(held.IssuedAt).ToUnixTimeMilliseconds()))
            : IssueRefusals.AlreadyIssued(couponId, held.Ordinal, held.IssuedAt);
    }
}

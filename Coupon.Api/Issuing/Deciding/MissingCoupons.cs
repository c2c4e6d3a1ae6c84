using Coupon.Api.Coupons;
using Coupon.Database;
using Coupon.Stock;
using Coupon.Stock.MySql;
using MySqlConnector;

namespace Coupon.Api.Issuing.Deciding;

/// <summary>
/// Answers a press for a coupon that Redis does not know: MySQL is asked. A coupon of MySQL that may still be sold or asked for is verified and
/// comes back to Redis; one that ended long ago is answered from MySQL; any other does not exist. Findings are remembered for a second, look-ups of
/// coupons share statements, few rows of users are looked up at a time and none for long, so neither a flood of invented ids nor a hot coupon under
/// verification loads MySQL.
/// </summary>
internal sealed class MissingCoupons(CouponLookUp coupons, MySqlDataSource database, IStockFence fence, DatabaseFence mySql, TimeProvider time)
    : IDisposable
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan _remembered = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestLookUp = TimeSpan.FromSeconds(1);

    private readonly RecentFindings<IssueOutcome> _found = new(_remembered, MostRemembered, time);
    private readonly SemaphoreSlim _lookUps = new(4);

    /// <summary>Decides a press in the place of the script.</summary>
    /// <returns>
    /// <see cref="IssueOutcome.NotLoaded"/>: the coupon does not exist. Else NotVerified, Closed, AlreadyIssued or Repeated, as the script says them.
    /// </returns>
    public async Task<IssueReply> DecideAsync(long couponId, long userId, long? keyHash, CancellationToken cancellationToken)
    {
        if (couponId <= 0)
            return new IssueReply(IssueOutcome.NotLoaded);
        return _found.TryGet(couponId, out var outcome)
            ? new IssueReply(outcome)
            : await LookUpInTimeAsync(couponId, userId, keyHash, cancellationToken);
    }

    public void Dispose() => _lookUps.Dispose();

    private IssueReply Remember(long couponId, IssueOutcome outcome)
    {
        _found.Remember(couponId, outcome);
        return new IssueReply(outcome);
    }

    // A database that does not answer says nothing about the coupon. The finding is remembered like any other, so the database is left alone
    // meanwhile.
    private async Task<IssueReply> LookUpInTimeAsync(long couponId, long userId, long? keyHash, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(_longestLookUp, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, bound.Token);
        try
        {
            return await LookUpAsync(couponId, userId, keyHash, either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && IsNoAnswer(exception))
        {
            return Remember(couponId, IssueOutcome.NotVerified);
        }
    }

    private static bool IsNoAnswer(Exception exception) =>
        exception is OperationCanceledException || (exception is MySqlException failure && DatabaseFailure.IsAway(failure));

    private async Task<IssueReply> LookUpAsync(long couponId, long userId, long? keyHash, CancellationToken cancellationToken)
    {
        var coupon = await coupons.FindAsync(couponId, cancellationToken);

        // A MySQL that has lost its last transactions does not know the coupons that they created.
        if (coupon is null)
            return Remember(couponId, mySql.Doubt is null ? IssueOutcome.NotLoaded : IssueOutcome.NotVerified);
        if (!CouponExpiry.IsDue(coupon))
        {
            fence.DoubtCoupon(couponId);
            return Remember(couponId, IssueOutcome.NotVerified);
        }

        if (!await _lookUps.WaitAsync(_longestWait, cancellationToken))
            return new IssueReply(IssueOutcome.NotVerified);
        IssuedCouponRow? held;
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            held = await connection.FindIssuedCouponAsync(couponId, userId, cancellationToken);
        }
        finally
        {
            _lookUps.Release();
        }

        if (held is null)
            return new IssueReply(IssueOutcome.Closed);
        var isSameRequest = keyHash is not null && keyHash == held.IdempotencyKeyHash;
        return new IssueReply(
            isSameRequest ? IssueOutcome.Repeated : IssueOutcome.AlreadyIssued,
            held.Ordinal,
            new DateTimeOffset(held.IssuedAt).ToUnixTimeMilliseconds()
        );
    }
}

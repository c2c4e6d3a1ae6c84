using Coupon.Hosting;

namespace Coupon.Consumers.Issuing;

/// <summary>
/// Compares a batch with the database message by message, lowest ordinal first: the user who was earlier in the queue keeps the seat. The coupons
/// stay locked until the transaction ends, so the comparison stays true.
/// </summary>
internal sealed class BatchReconciliation(WriteTransaction transaction)
{
    private readonly Dictionary<(long Coupon, long Ordinal), long> _users = [];
    private readonly Dictionary<(long Coupon, long User), long> _ordinals = [];
    private readonly Dictionary<long, long> _seatsLeft = [];
    private readonly HashSet<(long Coupon, long Ordinal)> _voided = [];

    public async Task<SortedBatch> SortAsync(Issuance[] issuances, CancellationToken cancellationToken)
    {
        await ReadAsync(issuances, cancellationToken);
        List<Issuance> added = [],
            repeated = [];
        List<Rejection> rejections = [];
        foreach (var issuance in issuances.OrderBy(issuance => issuance.Message.Ordinal))
        {
            var (couponId, ordinal, userId, _) = issuance.Message;
            if (_users.TryGetValue((couponId, ordinal), out var holder) && holder == userId)
            {
                repeated.Add(issuance);
            }
            else if (Contradiction(couponId, ordinal, userId) is var (cause, reason))
            {
                rejections.Add(new Rejection(issuance, cause, new RejectedIssuanceException(reason)));
            }
            else
            {
                _users[(couponId, ordinal)] = userId;
                _ordinals[(couponId, userId)] = ordinal;
                _seatsLeft[couponId]--;
                added.Add(issuance);
            }
        }
        return new SortedBatch([.. added], [.. repeated], rejections);
    }

    private (string Cause, string Reason)? Contradiction(long couponId, long ordinal, long userId)
    {
        if (!_seatsLeft.TryGetValue(couponId, out var left))
            return (RejectionCauses.UnknownCoupon, $"There is no coupon {couponId}.");
        if (_voided.Contains((couponId, ordinal)))
            return (RejectionCauses.OrdinalVoided, $"Ordinal {ordinal} of coupon {couponId} has been discarded.");
        if (_users.TryGetValue((couponId, ordinal), out var holder))
            return (
                RejectionCauses.OrdinalTaken,
                $"Ordinal {ordinal} of coupon {couponId} belongs to user {HashedUser.Of(holder)}, not {HashedUser.Of(userId)}."
            );
        if (_ordinals.TryGetValue((couponId, userId), out var held))
            return (RejectionCauses.UserAlreadyIssued, $"User {HashedUser.Of(userId)} holds coupon {couponId} under ordinal {held}, not {ordinal}.");
        return left <= 0 ? (RejectionCauses.OverIssued, $"Coupon {couponId} has no seat left in the database for ordinal {ordinal}.") : null;
    }

    private async Task ReadAsync(Issuance[] issuances, CancellationToken cancellationToken)
    {
        var coupons = issuances.GroupBy(issuance => issuance.Message.CouponId).ToList();
        var anyVoided = false;
        foreach (
            var (id, left, voided) in await transaction.QueryAsync(
                IssuedCouponSql.LockCoupons(coupons.Select(coupon => coupon.Key)),
                row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
                cancellationToken
            )
        )
        {
            _seatsLeft[id] = left;
            anyVoided |= voided > 0;
        }
        foreach (var sql in (string[])[IssuedCouponSql.FindByOrdinal(coupons), IssuedCouponSql.FindByUser(coupons)])
        {
            foreach (
                var (couponId, ordinal, userId) in await transaction.QueryAsync(
                    sql,
                    row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
                    cancellationToken
                )
            )
            {
                _users[(couponId, ordinal)] = userId;
                _ordinals[(couponId, userId)] = ordinal;
            }
        }
        if (anyVoided)
        {
            _voided.UnionWith(
                await transaction.QueryAsync(IssuedCouponSql.FindVoided(coupons), row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken)
            );
        }
    }
}

/// <summary>A batch compared with the database.</summary>
/// <param name="New">To be inserted.</param>
/// <param name="Repeated">There already, exactly so.</param>
/// <param name="Rejections">In contradiction to rows that are there, or to a message of the same batch with a lower ordinal.</param>
internal sealed record SortedBatch(Issuance[] New, Issuance[] Repeated, List<Rejection> Rejections);

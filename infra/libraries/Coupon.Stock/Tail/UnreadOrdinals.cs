namespace Coupon.Stock.Tail;

/// <summary>Which ordinals of some coupons Kafka holds and MySQL may not know yet: one bit an ordinal, however long the tail is.</summary>
internal sealed class UnreadOrdinals
{
    private readonly Dictionary<long, (OrdinalSet Issued, OrdinalSet DeadLettered)> _coupons;

    private UnreadOrdinals(IEnumerable<long> coupons) =>
        _coupons = coupons.ToDictionary(couponId => couponId, _ => (new OrdinalSet(), new OrdinalSet()));

    /// <summary>In the main topic, not committed by the group that writes.</summary>
    public OrdinalSet Issued(long couponId) => _coupons[couponId].Issued;

    /// <summary>In the dead-letter topic, not committed by the group that fills the ledger.</summary>
    public OrdinalSet DeadLettered(long couponId) => _coupons[couponId].DeadLettered;

    /// <summary>Reads them.</summary>
    /// <exception cref="TailTooLongException">More than <paramref name="mostUnread"/> messages of a topic are unread.</exception>
    public static async Task<UnreadOrdinals> ReadAsync(
        CouponTail tail,
        IEnumerable<long> coupons,
        long mostUnread,
        CancellationToken cancellationToken
    )
    {
        var unread = new UnreadOrdinals(coupons);
        await tail.ReadAsync(
            seat =>
            {
                if (unread._coupons.TryGetValue(seat.CouponId, out var coupon))
                    coupon.Issued.Add(seat.Ordinal);
            },
            seat =>
            {
                if (unread._coupons.TryGetValue(seat.CouponId, out var coupon))
                    coupon.DeadLettered.Add(seat.Ordinal);
            },
            mostUnread,
            cancellationToken
        );
        return unread;
    }
}

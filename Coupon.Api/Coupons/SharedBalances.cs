using Coupon.Stock.Balance;

namespace Coupon.Api.Coupons;

/// <summary>
/// Balances for many callers. A reading opens two clients of Kafka, each with threads and connections of its own. So there is one reading at a time,
/// for all coupons that were asked for meanwhile, and its result is repeated for a moment. No reading begins for an id that no coupon has.
/// </summary>
internal sealed class SharedBalances
{
    private const int MostCoupons = 50;
    private const int MostRemembered = 1000;

    /// <summary>How long a balance is repeated, from when its reading began.</summary>
    private static readonly TimeSpan _remembered = TimeSpan.FromMilliseconds(250);

    private readonly BalanceReader _reader;
    private readonly CouponLookUp _coupons;
    private readonly TimeProvider _time;
    private readonly SharedReads<CouponBalance?> _balances;
    private readonly RecentFindings<CouponBalance> _found;

    public SharedBalances(BalanceReader reader, CouponLookUp coupons, TimeProvider time)
    {
        (_reader, _coupons, _time) = (reader, coupons, time);
        _found = new RecentFindings<CouponBalance>(_remembered, MostRemembered, time);
        _balances = new SharedReads<CouponBalance?>(1, MostCoupons, ReadAsync);
    }

    /// <summary>How many readings there have been.</summary>
    public int Readings => _balances.Begun;

    /// <returns>Null: there is no such coupon.</returns>
    /// <exception cref="Exception">As <see cref="BalanceReader"/> throws it.</exception>
    public async ValueTask<CouponBalance?> FindAsync(long couponId, CancellationToken cancellationToken)
    {
        if (_found.TryGet(couponId, out var found))
            return found;
        return await _coupons.ExistsAsync(couponId, cancellationToken) ? await _balances.AskAsync(couponId, cancellationToken) : null;
    }

    private async Task<Func<long, CouponBalance?>> ReadAsync(long[] coupons)
    {
        var began = _time.GetTimestamp();
        var balances = (await _reader.ReadAsync(coupons)).ToDictionary(balance => balance.CouponId);
        foreach (var balance in balances.Values)
            _found.Remember(balance.CouponId, balance, began);
        return id => balances.GetValueOrDefault(id);
    }
}

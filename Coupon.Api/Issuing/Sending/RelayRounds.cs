using Coupon.Api.Issuing.Remembering;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Sending;

/// <summary>
/// Says which coupons a round of the relay asks for entries that are due: those of which this instance has told users without an acknowledgement, in
/// each round, and all others in turn. Entries of the others are those of an instance that died, which may wait for some rounds; with up to
/// <see cref="CouponsARound"/> coupons, each of them is asked for in each round.
/// </summary>
/// <remarks>
/// So a thousand coupons of which nothing waits cost each instance a hundred small questions a round, and not a thousand. However many coupons there
/// are, each one is asked for within <see cref="MostRounds"/> rounds.
/// </remarks>
internal sealed class RelayRounds(IConnectionMultiplexer redis, UnconfirmedIssuances unconfirmed)
{
    /// <summary>How many of the other coupons a round takes, unless more are needed to keep to <see cref="MostRounds"/>.</summary>
    public const int CouponsARound = 100;

    /// <summary>In how many rounds each coupon is asked for once.</summary>
    public const int MostRounds = 30;

    private long[] _loaded = [];
    private int _next;

    /// <summary>The coupons of the next round.</summary>
    public async Task<IReadOnlyList<long>> NextAsync()
    {
        if (_next >= _loaded.Length)
            (_loaded, _next) = ([.. (await CouponScope.LoadedAsync(redis)).Select(id => (long)id).Distinct()], 0);
        var share = Math.Max(CouponsARound, (_loaded.Length + MostRounds - 1) / MostRounds);
        var others = _loaded.Skip(_next).Take(share);
        _next += share;
        return [.. unconfirmed.EntriesTold().Select(entry => entry.CouponId).Concat(others).Distinct()];
    }
}

using Coupon.Api.Issuing.Remembering;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Api.Issuing.Sending;

/// <summary>Leases entries of the outbox that are due, so that two relays do not send the same entry during one lease.</summary>
internal sealed class OutboxLeases(IConnectionMultiplexer redis, IssuingOptions options)
{
    private static readonly StockScript _lease = StockScript.Embedded(typeof(OutboxLeases).Assembly, "lease.lua");

    private readonly RedisValue _leaseMs = (long)options.RelayLease.TotalMilliseconds;

    public async Task<OutboxEntry[]> TakeAsync(CouponKeys keys, int atMost)
    {
        var members = (RedisValue[]?)await redis.GetDatabase().ScriptEvaluateAsync(_lease.Text, [keys.Outbox], [_leaseMs, atMost]);
        return members is null ? [] : Array.ConvertAll(members, member => new OutboxEntry(keys.CouponId, member));
    }
}

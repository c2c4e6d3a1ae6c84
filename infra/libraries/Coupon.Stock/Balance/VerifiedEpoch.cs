using Coupon.Stock.Redis;
using Coupon.Stock.Shards;
using Coupon.Stock.Verification;
using StackExchange.Redis;

namespace Coupon.Stock.Balance;

/// <summary>From which verification of everything a Redis speaks, and whether it may.</summary>
/// <param name="Epoch">The verification; 0: none.</param>
/// <param name="Identity">Which Redis it is.</param>
/// <param name="Doubt">Why what it says cannot be counted on; null: it is the one that was verified last.</param>
internal sealed record VerifiedEpoch(long Epoch, RedisIdentity Identity, string? Doubt)
{
    /// <summary>Reads it.</summary>
    public static async Task<VerifiedEpoch> ReadAsync(
        IConnectionMultiplexer redis,
        Shard shard,
        VerificationLog verifications,
        CancellationToken cancellationToken
    )
    {
        var identity = await RedisIdentity.ReadAsync(redis, shard);
        var marker = await VerifiedMarker.ReadAsync(redis.GetDatabase(), shard);
        var last = await verifications.LastOfEverythingAsync(shard, cancellationToken);
        return new VerifiedEpoch(marker?.Epoch ?? 0, identity, Why(marker, identity, last));
    }

    private static string? Why(VerifiedMarker? marker, RedisIdentity identity, long last)
    {
        if (marker is null)
            return "Redis has forgotten its last verification, or was never verified.";
        if (marker.History != identity.History)
            return "Redis has restarted or failed over, and is not verified yet.";
        return marker.Epoch < last ? $"Redis speaks from verification {marker.Epoch}, and another one was verified since ({last})." : null;
    }
}

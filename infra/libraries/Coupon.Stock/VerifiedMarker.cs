using System.Globalization;
using Coupon.Stock.Shards;
using StackExchange.Redis;

namespace Coupon.Stock;

/// <summary>What a Redis says of its last verification of everything: <see cref="ShardKeys.Verified"/>.</summary>
/// <param name="Epoch">Which.</param>
/// <param name="History">The replication id that it was made for.</param>
internal sealed record VerifiedMarker(long Epoch, string History)
{
    /// <summary>Reads it; null: there is none, the Redis was flushed or never verified.</summary>
    public static async Task<VerifiedMarker?> ReadAsync(IDatabase database, Shard shard)
    {
        // A later version may add something at the end.
        var parts = ((string?)await database.StringGetAsync(shard.Keys.Verified) ?? "").Split(' ');
        return parts.Length >= 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? new(epoch, parts[1])
            : null;
    }

    /// <summary>As it is stored.</summary>
    public RedisValue ToValue() => string.Create(CultureInfo.InvariantCulture, $"{Epoch} {History}");
}

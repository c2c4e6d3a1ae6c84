using System.Text.Json.Serialization;

namespace Coupon.Contracts;

/// <summary>
/// A seat was taken: the one fact that travels from the API through Kafka to MySQL.
/// (<see cref="CouponId"/>, <see cref="Ordinal"/>) identifies it; sent twice, it is still the same fact.
/// </summary>
/// <param name="CouponId">The coupon, positive.</param>
/// <param name="Ordinal">The place in the queue: 1, 2, 3 … per coupon, without gaps, given out by the Redis script.</param>
/// <param name="UserId">The user who holds the seat, positive.</param>
/// <param name="IssuedAt">When the script decided, by the clock of the Redis server, in whole milliseconds UTC; always with a zone.</param>
public record CouponIssued(long CouponId, long Ordinal, long UserId, [property: JsonConverter(typeof(ZonedTimeConverter))] DateTimeOffset IssuedAt)
{
    /// <summary>
    /// 64 bits of the hash of the Idempotency-Key that the user sent; null: none, and then the member is left out. It travels with the seat, so that
    /// the same request is answered in the same way also where Redis has forgotten everything.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? IdempotencyKeyHash { get; init; }
}

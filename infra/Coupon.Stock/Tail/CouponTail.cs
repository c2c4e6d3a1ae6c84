using Microsoft.Extensions.Options;

namespace Coupon.Stock.Tail;

/// <summary>
/// Reads both tails in the direction of flow: the main topic, then the dead-letter topic. What is found in neither had reached MySQL
/// before the call, since an offset is committed after the transaction or after the dead letter was acknowledged.
/// </summary>
internal sealed class CouponTail(IOptions<TailOptions> options)
{
    private readonly TailOptions _options = options.Value;

    /// <summary>Reads the seats of all coupons, or of one.</summary>
    /// <exception cref="Confluent.Kafka.KafkaException">See <see cref="TopicTail"/>.</exception>
    public async Task<UnreadSeats> ReadAsync(long? couponId, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        return new UnreadSeats(
            await ReadAsync(_options.CouponIssuedTopic, _options.PersistenceGroup, couponId, missing, cancellationToken).ConfigureAwait(false),
            await ReadAsync(_options.DeadLettersTopic, _options.DeadLetterLedgerGroup, couponId, missing, cancellationToken).ConfigureAwait(false),
            missing);
    }

    private async Task<ILookup<long, HeldSeat>> ReadAsync(string topic, string group, long? couponId, List<string> missing, CancellationToken cancellationToken)
    {
        var seats = new List<HeldSeat>();
        if (!await new TopicTail(_options).ReadAsync(topic, group, message =>
        {
            if (IssuanceMessage.TryRead(message.Message.Value, out var seat) && (couponId is null || seat.CouponId == couponId)) seats.Add(seat);
        }, cancellationToken).ConfigureAwait(false)) missing.Add(topic);
        return seats.ToLookup(seat => seat.CouponId);
    }
}

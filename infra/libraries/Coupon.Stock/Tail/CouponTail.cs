using Confluent.Kafka;

namespace Coupon.Stock.Tail;

/// <summary>
/// Reads both tails in the direction of flow: the main topic, then the dead-letter topic. A message that is in neither had reached MySQL before the
/// call, since an offset is committed after the transaction or after the dead letter was acknowledged.
/// </summary>
internal sealed class CouponTail(TailSettings settings)
{
    /// <summary>Reads the seats of all coupons, one after the other: nothing is kept here.</summary>
    /// <param name="issued">Called for each in the main topic.</param>
    /// <param name="deadLettered">Called for each in the dead-letter topic.</param>
    /// <param name="mostUnread">How many messages of a topic to read at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="alreadyRead">Called for each that a group has dealt with and that is still there; null: those are not read.</param>
    /// <returns>Those of the two topics that do not exist: not made yet, deleted, or of another name.</returns>
    /// <exception cref="Confluent.Kafka.KafkaException">See <see cref="TopicTail"/>.</exception>
    /// <exception cref="TailTooLongException">More is unread.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(
        Action<HeldSeat> issued,
        Action<HeldSeat> deadLettered,
        long mostUnread,
        CancellationToken cancellationToken,
        Action<HeldSeat>? alreadyRead = null
    )
    {
        var missing = new List<string>();
        foreach (
            var (topic, group, read) in new[]
            {
                (settings.Topics.CouponIssued, settings.Groups.Persistence, issued),
                (settings.Topics.DeadLetters, settings.Groups.DeadLetterLedger, deadLettered),
            }
        )
        {
            if (
                !await new TopicTail(settings).ReadAsync(
                    topic,
                    group,
                    mostUnread,
                    SeatsTo(read),
                    cancellationToken,
                    alreadyRead is null ? null : SeatsTo(alreadyRead)
                )
            )
                missing.Add(topic);
        }

        return missing;
    }

    private static Action<ConsumeResult<byte[]?, byte[]?>> SeatsTo(Action<HeldSeat> read) =>
        message =>
        {
            if (CouponIssuedReader.TryReadSeat(message.Message.Value, out var seat))
                read(seat);
        };
}

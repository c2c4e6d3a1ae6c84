using Coupon.Consumers.DeadLetters;
using MassTransit;

namespace Coupon.Consumers.Consumption;

/// <summary>Finds the record behind a message that the bus delivered.</summary>
internal static class ConsumedRecords
{
    /// <exception cref="InvalidOperationException">The message did not come from a Kafka topic.</exception>
    public static ConsumedRecord Of(ConsumeContext context)
    {
        if (!context.TryGetPayload(out KafkaConsumeContext? kafka))
            throw new InvalidOperationException("The message did not come from a Kafka topic: there is no origin to name in a dead letter.");
        return new ConsumedRecord(
            kafka.Topic,
            kafka.Partition,
            kafka.Offset,
            context.SentTime is { } sent ? new DateTimeOffset(DateTime.SpecifyKind(sent, DateTimeKind.Utc)) : null,
            context.GetKey<byte[]>(),
            context.ReceiveContext.Body.GetBytes(),
            RawHeaders.Copy(RawHeaders.Of(context))
        );
    }
}

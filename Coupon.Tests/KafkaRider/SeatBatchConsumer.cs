using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>Handles batches, as a test says.</summary>
public sealed class SeatBatchConsumer(SeatLog log, SeatBatchConsumer.Behaviour? behaviour = null) : IConsumer<Batch<Seat>>
{
    public async Task Consume(ConsumeContext<Batch<Seat>> context)
    {
        if (behaviour is not null)
            await behaviour(context);
        log.AddBatch(context.Message.Select(message => message.Message.Number));
    }

    /// <summary>Runs before the batch counts as handled; may throw.</summary>
    public delegate Task Behaviour(ConsumeContext<Batch<Seat>> context);
}

using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Delivers one message through the endpoint's whole pipe: filters, observers, scopes, consumers.</summary>
internal sealed class MessageDelivery<TKey, TValue>(
    KafkaEndpointContext<TKey, TValue> endpoint,
    RecordDecoder<TKey, TValue> decoder,
    Redelivery redelivery,
    GivingUp<TKey, TValue>? givingUp
)
    where TValue : class
{
    private readonly IReceivePipeDispatcher _dispatcher = endpoint.CreateReceivePipeDispatcher();

    public Task<bool> Deliver(
        KafkaRecord<TValue> record,
        SemaphoreSlim slots,
        Action<KafkaRecord<TValue>> failed,
        CancellationToken interrupted,
        CancellationToken cancelled
    )
    {
        LogContext.SetCurrentIfNull(endpoint.LogContext);
        return redelivery.Deliver(
            failures => Attempt(record, failures, slots, interrupted, cancelled),
            () => (1, record.Result.TopicPartitionOffset),
            () => failed(record),
            interrupted
        );
    }

    private async Task Attempt(
        KafkaRecord<TValue> record,
        int failures,
        SemaphoreSlim slots,
        CancellationToken interrupted,
        CancellationToken cancelled
    )
    {
        try
        {
            if (record.GivenUp is null)
                await Handle(record, failures > 0, slots, interrupted, cancelled).ConfigureAwait(false);
        }
        catch (Exception exception) when (!interrupted.IsCancellationRequested && givingUp is not null && givingUp.IsDue(failures + 1, exception))
        {
            record.GivenUp ??= new GivenUp(exception, failures + 1);
        }

        if (record is { GivenUp: { } givenUp, IsFinished: false })
            await givingUp!.Finish(record, givenUp, interrupted).ConfigureAwait(false);
    }

    /// <summary>A place among those at work is taken for an attempt only, never for the pause after it.</summary>
    private async Task Handle(
        KafkaRecord<TValue> record,
        bool redelivered,
        SemaphoreSlim slots,
        CancellationToken interrupted,
        CancellationToken cancelled
    )
    {
        await slots.WaitAsync(interrupted).ConfigureAwait(false);
        try
        {
            if (!await decoder.TryDecode(record, interrupted).ConfigureAwait(false))
                return;
            var context = decoder.CreateReceiveContext(record, redelivered);
            using var cancellation = context.CancelWith(cancelled);
            var message = RecordDecoder<TKey, TValue>.CreateConsumeContext(record, context);
            context.AddOrUpdatePayload<ConsumeContext>(() => message, _ => message);
            await _dispatcher.Dispatch(context, NoReceiveLock.Instance).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (UnreadableKeyException.In(exception) is { } unreadable
                && unreadable.Position == record.Result.TopicPartitionOffset
                && RecordDecoder<TKey, TValue>.IsUndecodable(record, unreadable.Cause)
            )
        {
            await decoder.Keep(record, unreadable.Cause, interrupted).ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }
}

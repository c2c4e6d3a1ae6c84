using MassTransit.Batching;
using MassTransit.Context;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>One attempt to deliver a batch: to the endpoint's other consumers where there are any, then to its batch consumers.</summary>
internal sealed class BatchDelivery<TKey, TValue>(KafkaEndpointContext<TKey, TValue> endpoint, RecordDecoder<TKey, TValue> decoder,
    IPipe<ConsumeContext<Batch<TValue>>>[] pipes, IReceivePipeDispatcher? others, BatchObservers<TKey, TValue> observers)
    where TValue : class
{
    public async Task Deliver(RunningBatch<TKey, TValue> batch, bool redelivered)
    {
        var records = batch.Records;
        var messages = new List<BatchMessage<TKey, TValue>>(records.Count);
        foreach (var record in records)
        {
            var decoded = decoder.TryDecode(record, batch.Interrupted);
            if (decoded.IsCompletedSuccessfully ? decoded.Result : await decoded.ConfigureAwait(false))
                messages.Add(new BatchMessage<TKey, TValue>(record, record.Value!, endpoint, redelivered));
        }

        if (messages.Count == 0) return;
        batch.Uses(messages);
        if (others is not null)
        {
            foreach (var record in records.Where(record => record.Value is not null))
            {
                var context = decoder.CreateReceiveContext(record, redelivered);
                var message = RecordDecoder<TKey, TValue>.CreateConsumeContext(record, context);
                context.AddOrUpdatePayload<ConsumeContext>(() => message, _ => message);
                await others.Dispatch(context, NoReceiveLock.Instance).ConfigureAwait(false);
            }
        }

        var observed = await observers.Begin(messages).ConfigureAwait(false);
        try
        {
            var content = new MessageBatch<TValue>(batch.FirstReceived, batch.LastReceived, batch.Mode, messages);
            foreach (var pipe in pipes) await pipe.Send(new BatchConsumeContext<TValue>(messages[^1], content)).ConfigureAwait(false);
            foreach (var message in messages)
            {
                if (message.ReceivedIfUsed is { ReceiveCompleted: { IsCompletedSuccessfully: false } completed }) await completed.ConfigureAwait(false);
            }

            await observed.Completed().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await observed.Faulted(exception).ConfigureAwait(false);
            throw;
        }
    }
}

using MassTransit.Batching;
using MassTransit.Context;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>One attempt to deliver a batch: to the endpoint's other consumers where there are any, then to its batch consumers.</summary>
internal sealed class BatchDelivery<TKey, TValue>(RecordDecoder<TKey, TValue> decoder,
    IPipe<ConsumeContext<Batch<TValue>>>[] pipes, IReceivePipeDispatcher? others, BatchObservers<TKey, TValue> observers)
    where TValue : class
{
    public async Task Deliver(RunningBatch<TKey, TValue> batch, bool redelivered)
    {
        var records = batch.Records;
        var contexts = new List<KafkaReceiveContext<TKey, TValue>>(records.Count);
        var messages = new List<ConsumeContext<TValue>>(records.Count);
        foreach (var record in records)
        {
            var decoded = decoder.TryDecode(record, batch.Interrupted);
            if (!(decoded.IsCompletedSuccessfully ? decoded.Result : await decoded.ConfigureAwait(false))) continue;
            var context = decoder.CreateReceiveContext(record, redelivered);
            contexts.Add(context);
            messages.Add(RecordDecoder<TKey, TValue>.CreateConsumeContext(record, context));
        }

        if (messages.Count == 0) return;
        batch.Uses([.. contexts]);
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

        var observed = await observers.Begin(contexts, messages).ConfigureAwait(false);
        try
        {
            var content = new MessageBatch<TValue>(batch.FirstReceived, batch.LastReceived, batch.Mode, messages);
            foreach (var pipe in pipes) await pipe.Send(new BatchConsumeContext<TValue>(messages[^1], content)).ConfigureAwait(false);
            foreach (var context in contexts)
            {
                var completed = context.ReceiveCompleted;
                if (!completed.IsCompletedSuccessfully) await completed.ConfigureAwait(false);
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

using MassTransit.Batching;
using MassTransit.Context;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>One attempt to deliver a batch: to the endpoint's other consumers where there are any, then to its batch consumers.</summary>
internal sealed class BatchDelivery<TKey, TValue>(
    KafkaEndpointContext<TKey, TValue> endpoint,
    RecordDecoder<TKey, TValue> decoder,
    IPipe<ConsumeContext<Batch<TValue>>>[] pipes,
    IReceivePipeDispatcher? others,
    BatchObservers<TKey, TValue> observers,
    GivingUp<TKey, TValue>? givingUp
)
    where TValue : class
{
    /// <summary>Tries a batch once. Past the last attempt, what of it is at fault is found and given up, and the rest is delivered.</summary>
    public async Task Deliver(RunningBatch<TKey, TValue> batch, int failures)
    {
        foreach (var record in batch.Records)
        {
            if (record is { GivenUp: { } givenUp, IsFinished: false })
                await givingUp!.Finish(record, givenUp, batch.Interrupted).ConfigureAwait(false);
        }

        try
        {
            await Deliver(batch, batch.Records, failures > 0).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsGivenUp(batch, failures + 1, exception))
        {
            var (count, first) = batch.Describe();
            Log.Isolating(endpoint.LogContext.Logger, exception, endpoint.InputAddress, count, first, failures + 1);
            await Isolate(batch, batch.Records, exception, failures + 1).ConfigureAwait(false);
        }
    }

    private bool IsGivenUp(RunningBatch<TKey, TValue> batch, int failures, Exception exception) =>
        !batch.Interrupted.IsCancellationRequested && givingUp is not null && givingUp.IsDue(failures, exception);

    /// <summary>Halves what failed until single messages are left: those are at fault.</summary>
    private async Task Isolate(RunningBatch<TKey, TValue> batch, List<KafkaRecord<TValue>> failed, Exception cause, int failures)
    {
        var left = failed.FindAll(record => !record.IsFinished);
        if (left.Count == 1)
            await givingUp!.Finish(left[0], left[0].GivenUp ?? new GivenUp(cause, failures), batch.Interrupted).ConfigureAwait(false);
        if (left.Count <= 1)
            return;
        foreach (var half in (List<KafkaRecord<TValue>>[])[left[..(left.Count / 2)], left[(left.Count / 2)..]])
        {
            try
            {
                await Deliver(batch, half, redelivered: true).ConfigureAwait(false);
                foreach (var record in half)
                    record.IsFinished = true;
            }
            catch (Exception exception) when (IsGivenUp(batch, failures, exception))
            {
                await Isolate(batch, half, exception, failures).ConfigureAwait(false);
            }
        }
    }

    private async Task Deliver(RunningBatch<TKey, TValue> batch, List<KafkaRecord<TValue>> records, bool redelivered)
    {
        while (true)
        {
            KafkaRecord<TValue> record;
            Exception cause;
            try
            {
                await Attempt(batch, records, redelivered).ConfigureAwait(false);
                return;
            }
            catch (Exception exception)
                when (UnreadableKeyException.In(exception) is { } unreadable
                    && Find(batch, unreadable) is { } found
                    && RecordDecoder<TKey, TValue>.IsUndecodable(found, unreadable.Cause)
                )
            {
                (record, cause) = (found, unreadable.Cause);
            }

            // That one is no message; its neighbours are delivered without it.
            await decoder.Keep(record, cause, batch.Interrupted).ConfigureAwait(false);
            redelivered = true;
        }
    }

    private static KafkaRecord<TValue>? Find(RunningBatch<TKey, TValue> batch, UnreadableKeyException unreadable) =>
        batch.Records.Find(record => !record.IsFinished && record.Result.TopicPartitionOffset == unreadable.Position);

    private async Task Attempt(RunningBatch<TKey, TValue> batch, List<KafkaRecord<TValue>> records, bool redelivered)
    {
        // Of this attempt alone: a batch that is tried for hours does not keep the contexts of all its attempts.
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(batch.Cancelled);
        var attempt = new BatchAttempt<TKey, TValue>(endpoint, redelivered, cancelled.Token);
        var messages = new List<BatchMessage<TKey, TValue>>(records.Count);
        foreach (var record in records)
        {
            var decoded = decoder.TryDecode(record, batch.Interrupted);
            if (decoded.IsCompletedSuccessfully ? decoded.Result : await decoded.ConfigureAwait(false))
                messages.Add(new BatchMessage<TKey, TValue>(record, attempt));
        }

        if (messages.Count == 0)
            return;
        if (others is not null)
        {
            foreach (var record in records)
            {
                if (record is not { Value: not null, IsFinished: false })
                    continue;
                var context = decoder.CreateReceiveContext(record, redelivered);
                context.CancelWith(cancelled.Token);
                var message = RecordDecoder<TKey, TValue>.CreateConsumeContext(record, context);
                context.AddOrUpdatePayload<ConsumeContext>(() => message, _ => message);
                await others.Dispatch(context, NoReceiveLock.Instance).ConfigureAwait(false);
            }
        }

        // Here, not in a method that awaits: the consumers are to find the batch's activity as the current one.
        var observed = observers.Start(messages);
        try
        {
            await observed.Begin().ConfigureAwait(false);
            var content = new MessageBatch<TValue>(batch.FirstReceived, batch.LastReceived, batch.Mode, messages);
            foreach (var pipe in pipes)
                await pipe.Send(new BatchConsumeContext<TValue>(messages[^1], content)).ConfigureAwait(false);
            foreach (var message in messages)
            {
                // What consumers have added to it, where one has asked for it.
                if (message.FullIfUsed is not { } full)
                    continue;
                await full.ConsumeCompleted.ConfigureAwait(false);
                await full.ReceiveContext.ReceiveCompleted.ConfigureAwait(false);
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

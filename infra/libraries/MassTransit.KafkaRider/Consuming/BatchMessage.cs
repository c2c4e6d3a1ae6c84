namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A message of a batch.</summary>
/// <param name="record">Where it comes from; decoded.</param>
/// <param name="attempt">What it shares with its neighbours: an object of a thousand counts.</param>
internal sealed class BatchMessage<TKey, TValue>(KafkaRecord<TValue> record, BatchAttempt<TKey, TValue> attempt) : DeferredConsumeContext<TValue>
    where TValue : class
{
    private ConsumeContext<TValue>? _full;

    public override TValue Message => record.Value!;

    /// <summary>As the transport received it; made when first used.</summary>
    public KafkaReceiveContext<TKey, TValue> Received => (KafkaReceiveContext<TKey, TValue>)Full.ReceiveContext;

    /// <summary>Its context, if anybody has asked for it.</summary>
    public ConsumeContext<TValue>? FullIfUsed => Volatile.Read(ref _full);

    protected override ConsumeContext<TValue> Full => Volatile.Read(ref _full) ?? Make();

    /// <summary>Nobody is told, unless somebody listens.</summary>
    public override Task NotifyConsumed(TimeSpan duration, string consumerType) =>
        !Listeners.Any(attempt.Endpoint.Receiving) ? Task.CompletedTask : Full.NotifyConsumed(duration, consumerType);

    public override Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) =>
        !Listeners.Any(attempt.Endpoint.Receiving) ? Task.CompletedTask : Full.NotifyConsumed(context, duration, consumerType);

    private ConsumeContext<TValue> Make()
    {
        var received = new KafkaReceiveContext<TKey, TValue>(record.Result, attempt.Endpoint, attempt.Redelivered);
        var made = RecordDecoder<TKey, TValue>.CreateConsumeContext(record, received);

        // Of several who ask at the same time, all get the first one's.
        if (Interlocked.CompareExchange(ref _full, made, null) is { } first)
            return first;
        received.CancelWith(attempt.Cancelled);
        return made;
    }
}

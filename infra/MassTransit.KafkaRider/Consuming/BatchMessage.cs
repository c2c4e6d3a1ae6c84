namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A message of a batch.</summary>
/// <param name="record">Where it comes from.</param>
/// <param name="value">What it is.</param>
/// <param name="endpoint">Who has received it.</param>
/// <param name="redelivered">Whether it was tried before.</param>
/// <param name="cancelled">Cancels its context, whether that was made before or is made afterwards.</param>
internal sealed class BatchMessage<TKey, TValue>(KafkaRecord<TValue> record, TValue value, KafkaEndpointContext<TKey, TValue> endpoint, bool redelivered,
    CancellationToken cancelled)
    : DeferredConsumeContext<TValue>(value)
    where TValue : class
{
    private readonly Lock _making = new();
    private ConsumeContext<TValue>? _full;

    /// <summary>As the transport received it; made when first used.</summary>
    public KafkaReceiveContext<TKey, TValue> Received => (KafkaReceiveContext<TKey, TValue>)Full.ReceiveContext;

    /// <summary>The same, if anybody has asked for it.</summary>
    public KafkaReceiveContext<TKey, TValue>? ReceivedIfUsed => Volatile.Read(ref _full)?.ReceiveContext as KafkaReceiveContext<TKey, TValue>;

    protected override ConsumeContext<TValue> Full => Volatile.Read(ref _full) ?? Make();

    /// <summary>Nobody is told, unless somebody listens.</summary>
    public override Task NotifyConsumed(TimeSpan duration, string consumerType) =>
        !Listeners.Any(endpoint.Receiving) ? Task.CompletedTask : Full.NotifyConsumed(duration, consumerType);

    public override Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) =>
        !Listeners.Any(endpoint.Receiving) ? Task.CompletedTask : Full.NotifyConsumed(context, duration, consumerType);

    private ConsumeContext<TValue> Make()
    {
        lock (_making)
        {
            if (_full is not null) return _full;
            var received = new KafkaReceiveContext<TKey, TValue>(record.Result, endpoint, redelivered);
            received.CancelWith(cancelled);
            return _full = RecordDecoder<TKey, TValue>.CreateConsumeContext(record, received);
        }
    }
}

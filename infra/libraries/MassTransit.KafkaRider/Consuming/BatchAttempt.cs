namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What the messages of a batch share while it is tried once.</summary>
/// <param name="Endpoint">Who has received them.</param>
/// <param name="Redelivered">Whether they were tried before.</param>
/// <param name="Cancelled">Cancels their contexts, whether they were made before or are made afterwards.</param>
internal sealed record BatchAttempt<TKey, TValue>(KafkaEndpointContext<TKey, TValue> Endpoint, bool Redelivered, CancellationToken Cancelled)
    where TValue : class;

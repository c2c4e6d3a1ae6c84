namespace MassTransit.KafkaIntegration;

/// <summary>Finds the key of a message.</summary>
/// <param name="context">The message, before it is sent.</param>
/// <typeparam name="TKey">Type of the key.</typeparam>
/// <typeparam name="TValue">Type of the message.</typeparam>
public delegate TKey KafkaKeyResolver<out TKey, TValue>(KafkaSendContext<TValue> context)
    where TValue : class;

namespace MassTransit;

/// <summary>
/// Produces messages with keys to one topic. A returned task completes when the broker has acknowledged the message, so await many at once, not
/// one after the other: each waits for the linger. Safe for concurrent use.
/// </summary>
/// <typeparam name="TKey">Type of the key.</typeparam>
/// <typeparam name="TValue">Type of the message.</typeparam>
/// <remarks>
/// Every method fails by its task: with <see cref="Confluent.Kafka.KafkaException"/>, <c>Local_QueueFull</c> where the local queue is full (nothing
/// was sent), <c>Local_MsgTimedOut</c> where no acknowledgement came in time (it may have been written all the same); with
/// <see cref="InvalidOperationException"/> after the bus was stopped (nothing was sent); with <see cref="OperationCanceledException"/> where its
/// token ends the wait, or the stop of the bus does before the message was acknowledged (it may have been written); with what a pipe or a serializer
/// throws. Only a message that is null is refused at once.
/// </remarks>
public interface ITopicProducer<TKey, TValue> : ISendObserverConnector
    where TValue : class
{
    /// <summary>Produces a message.</summary>
    /// <param name="key">Chooses the partition.</param>
    /// <param name="value">The message.</param>
    /// <param name="cancellationToken">Gives up waiting; a message already queued is sent all the same.</param>
    Task Produce(TKey key, TValue value, CancellationToken cancellationToken = default);

    /// <summary>Produces a message.</summary>
    /// <param name="key">Chooses the partition.</param>
    /// <param name="value">The message.</param>
    /// <param name="pipe">Sets headers, the partition, serializers, … of this message.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task Produce(TKey key, TValue value, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken = default);

    /// <summary>Produces a message that is made from an object's properties.</summary>
    /// <param name="key">Chooses the partition.</param>
    /// <param name="values">Properties by name, as everywhere in MassTransit; <c>__Header_…</c> sets a header.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task Produce(TKey key, object values, CancellationToken cancellationToken = default);

    /// <summary>Produces a message that is made from an object's properties.</summary>
    /// <param name="key">Chooses the partition.</param>
    /// <param name="values">Properties by name.</param>
    /// <param name="pipe">Sets headers, the partition, serializers, … of this message.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task Produce(TKey key, object values, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken = default);
}

/// <summary>Produces messages to one topic, with no key or one that is resolved from the message. Otherwise as the form with keys.</summary>
/// <typeparam name="TValue">Type of the message.</typeparam>
public interface ITopicProducer<TValue> : ISendObserverConnector
    where TValue : class
{
    /// <summary>Produces a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task Produce(TValue message, CancellationToken cancellationToken = default);

    /// <summary>Produces a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="pipe">Sets headers, the partition, … of this message.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task Produce(TValue message, IPipe<KafkaSendContext<TValue>> pipe, CancellationToken cancellationToken = default);

    /// <summary>Produces a message that is made from an object's properties.</summary>
    /// <param name="values">Properties by name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task Produce(object values, CancellationToken cancellationToken = default);

    /// <summary>Produces a message that is made from an object's properties.</summary>
    /// <param name="values">Properties by name.</param>
    /// <param name="pipe">Sets headers, the partition, … of this message.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task Produce(object values, IPipe<KafkaSendContext<TValue>> pipe, CancellationToken cancellationToken = default);
}

using Confluent.Kafka;
using MassTransit.KafkaIntegration;
using MassTransit.KafkaIntegration.Producing;

namespace MassTransit;

/// <summary>Producers whose callers do not give the key.</summary>
public static class TopicProducerProviderExtensions
{
    /// <summary>The producer of a topic whose messages have no key.</summary>
    /// <param name="producerProvider">Gives the producers.</param>
    /// <param name="address"><c>topic:name</c>.</param>
    /// <typeparam name="TValue">Type of the message.</typeparam>
    /// <exception cref="ConfigurationException">The topic was configured for other types.</exception>
    public static ITopicProducer<TValue> GetProducer<TValue>(this ITopicProducerProvider producerProvider, Uri address)
        where TValue : class => producerProvider.GetProducer<Null, TValue>(address, _ => default!);

    /// <summary>The producer of a topic whose keys are found by a resolver.</summary>
    /// <param name="producerProvider">Gives the producers.</param>
    /// <param name="address"><c>topic:name</c>.</param>
    /// <param name="keyResolver">Finds the key of each message.</param>
    /// <typeparam name="TKey">Type of the key.</typeparam>
    /// <typeparam name="TValue">Type of the message.</typeparam>
    /// <exception cref="ConfigurationException">The topic was configured for other types.</exception>
    public static ITopicProducer<TValue> GetProducer<TKey, TValue>(
        this ITopicProducerProvider producerProvider,
        Uri address,
        KafkaKeyResolver<TKey, TValue> keyResolver
    )
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(producerProvider);
        ArgumentNullException.ThrowIfNull(keyResolver);
        return new KeyedTopicProducer<TKey, TValue>(producerProvider.GetProducer<TKey, TValue>(address), keyResolver);
    }
}

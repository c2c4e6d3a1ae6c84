namespace MassTransit;

/// <summary>Gives producers by address. In a scope it is the one of that scope; <see cref="IKafkaRider"/> is the one outside any.</summary>
public interface ITopicProducerProvider : ISendObserverConnector
{
    /// <summary>The producer of a topic. Producers are cached: ask as often as is convenient, or once.</summary>
    /// <param name="address"><c>topic:name</c>. A topic that no <c>AddProducer</c> configured is produced to with the defaults.</param>
    /// <typeparam name="TKey">Type of the key.</typeparam>
    /// <typeparam name="TValue">Type of the message.</typeparam>
    /// <exception cref="ConfigurationException">The topic was configured for other types.</exception>
    ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
        where TValue : class;
}

using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.KafkaIntegration.Configuration;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>The producers of the rider by topic, and the clients that they share.</summary>
internal sealed class TopicProducers(RiderSettings rider, IHostConfiguration host, Dictionary<string, IKafkaProducerSpecification> specifications)
    : ITopicProducerProvider
{
    private readonly ConcurrentDictionary<(string Topic, Type Key, Type Value), object> _producers = new();

    public ProducerClients Clients { get; } = new(rider, host);

    public ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(address);
        return Get<TKey, TValue>(TopicOf(address));
    }

    public TopicProducer<TKey, TValue> Get<TKey, TValue>(string topic)
        where TValue : class =>
        (TopicProducer<TKey, TValue>)
            _producers.GetOrAdd((topic, typeof(TKey), typeof(TValue)), static (key, self) => self.Create<TKey, TValue>(key.Topic), this);

    /// <summary>Connects all that are configured, in the background: whoever starts while the brokers are away starts nevertheless.</summary>
    public void Connect()
    {
        Clients.Start();
        foreach (var specification in specifications.Values)
            specification.Connect(this);
    }

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => rider.SendObservable.Connect(observer);

    private TopicProducer<TKey, TValue> Create<TKey, TValue>(string topic)
        where TValue : class
    {
        var specification = specifications.GetValueOrDefault(topic)
            ?? new KafkaProducerSpecification<TKey, TValue>(topic, new ProducerConfig(), null);
        if (specification is not KafkaProducerSpecification<TKey, TValue> typed)
            throw new ConfigurationException($"The producer of topic {topic} was configured for another type of key or message.");
        var settings = typed.Settings(rider);
        var transport = new KafkaSendTransport<TKey, TValue>(topic, host, rider, settings, Clients.Get(settings.Client, settings.StatisticsHandler));
        return new TopicProducer<TKey, TValue>(transport);
    }

    private string TopicOf(Uri address)
    {
        try
        {
            return new KafkaTopicAddress(host.HostAddress, address).Topic;
        }
        catch (ArgumentException exception)
        {
            throw new ConfigurationException(exception.Message);
        }
    }
}

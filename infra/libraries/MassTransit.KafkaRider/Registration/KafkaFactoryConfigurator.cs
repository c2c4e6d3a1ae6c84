using Confluent.Kafka;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.KafkaIntegration.Consuming;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Registration;

/// <summary>Collects what is configured, then builds the rider from it.</summary>
internal sealed class KafkaFactoryConfigurator(ClientConfig client, IRiderRegistrationContext context, TimeProvider? time = null)
    : IKafkaFactoryConfigurator,
        IKafkaHostConfiguration
{
    private readonly Dictionary<string, IKafkaEndpointSpecification> _endpoints = [];
    private readonly Dictionary<string, IKafkaProducerSpecification> _producers = [];
    private bool _hostIsConfigured;

    public RiderSettings Settings { get; } = new(client) { Time = time ?? TimeProvider.System };
    public IRiderRegistrationContext Context => context;
    public IReadOnlyDictionary<string, string> Configuration => Settings.Configuration;

    public Acks? Acks
    {
        set => client.Acks = value;
    }
    public string? ClientId
    {
        set => client.ClientId = value;
    }
    public int? MessageMaxBytes
    {
        set => client.MessageMaxBytes = value;
    }
    public int? MessageCopyMaxBytes
    {
        set => client.MessageCopyMaxBytes = value;
    }
    public int? ReceiveMessageMaxBytes
    {
        set => client.ReceiveMessageMaxBytes = value;
    }
    public int? MaxInFlight
    {
        set => client.MaxInFlight = value;
    }
    public TimeSpan? TopicMetadataRefreshInterval
    {
        set => client.TopicMetadataRefreshIntervalMs = Milliseconds.Of(value);
    }
    public TimeSpan? MetadataMaxAge
    {
        set => client.MetadataMaxAgeMs = Milliseconds.Of(value);
    }
    public TimeSpan? TopicMetadataRefreshFastInterval
    {
        set => client.TopicMetadataRefreshFastIntervalMs = Milliseconds.Of(value);
    }
    public bool? TopicMetadataRefreshSparse
    {
        set => client.TopicMetadataRefreshSparse = value;
    }
    public string? TopicBlacklist
    {
        set => client.TopicBlacklist = value;
    }
    public string? Debug
    {
        set => client.Debug = value;
    }
    public int? BrokerAddressTtl
    {
        set => client.BrokerAddressTtl = value;
    }
    public BrokerAddressFamily? BrokerAddressFamily
    {
        set => client.BrokerAddressFamily = value;
    }
    public TimeSpan? ReconnectBackoff
    {
        set => client.ReconnectBackoffMs = Milliseconds.Of(value);
    }
    public TimeSpan? ReconnectBackoffMax
    {
        set => client.ReconnectBackoffMaxMs = Milliseconds.Of(value);
    }
    public TimeSpan? StatisticsInterval
    {
        set => client.StatisticsIntervalMs = Milliseconds.Of(value);
    }
    public bool? LogQueue
    {
        set => client.LogQueue = value;
    }
    public bool? LogThreadName
    {
        set => client.LogThreadName = value;
    }
    public bool? LogConnectionClose
    {
        set => client.LogConnectionClose = value;
    }
    public int? InternalTerminationSignal
    {
        set => client.InternalTerminationSignal = value;
    }
    public SecurityProtocol? SecurityProtocol
    {
        set => client.SecurityProtocol = value;
    }
    public string? PluginLibraryPaths
    {
        set => client.PluginLibraryPaths = value;
    }
    public string? ClientRack
    {
        set => client.ClientRack = value;
    }

    public void Host(IReadOnlyList<string> servers, Action<IKafkaHostConfigurator>? configure = null)
    {
        if (servers is not { Count: > 0 })
            throw new ArgumentException("Name at least one broker.", nameof(servers));
        if (_hostIsConfigured)
            throw new ConfigurationException("Host may not be specified more than once.");
        _hostIsConfigured = true;
        client.BootstrapServers = string.Join(',', servers);
        configure?.Invoke(new KafkaHostConfigurator(client));
    }

    public void OAuthBearerTokenRefreshHandler(Action<IClient, string> handler) => Settings.TokenRefreshHandler = Required(handler);

    public void ConfigureApi(Action<IKafkaApiConfigurator> configure) => configure(new KafkaApiConfigurator(client));

    public void ConfigureSocket(Action<IKafkaSocketConfigurator> configure) => configure(new KafkaSocketConfigurator(client));

    public void SetHeadersDeserializer(IHeadersDeserializer deserializer) => Settings.HeadersDeserializer = Required(deserializer);

    public void SetHeadersSerializer(IHeadersSerializer serializer) => Settings.HeadersSerializer = Required(serializer);

    public void SetSerializationFactory(IKafkaSerializerFactory factory) => Settings.Serializers = Required(factory);

    public void ConfigureSend(Action<ISendPipeConfigurator> callback) => Settings.SendConfigurations.Add(Required(callback));

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => Settings.SendObservable.Connect(observer);

    public ConnectHandle ConnectReceiveEndpointObserver(IReceiveEndpointObserver observer) => Settings.EndpointObservers.Connect(observer);

    public void TopicEndpoint<TKey, TValue>(string topicName, string groupId, Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure)
        where TValue : class => TopicEndpoint(topicName, new ConsumerConfig { GroupId = groupId }, configure);

    public void TopicEndpoint<TKey, TValue>(
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class
    {
        var endpoint = CreateEndpoint(topicName, consumerConfig, configure);
        if (!_endpoints.TryAdd(endpoint.EndpointName, endpoint))
            throw new ConfigurationException($"The topic endpoint was already added: {endpoint.EndpointName}");
    }

    public KafkaEndpointSpecification<TKey, TValue> CreateEndpoint<TKey, TValue>(
        string topic,
        ConsumerConfig consumer,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(consumer);
        if (string.IsNullOrWhiteSpace(topic))
            throw new ConfigurationException("A topic endpoint needs the name of a topic.");
        if (string.IsNullOrWhiteSpace(consumer.GroupId))
            throw new ConfigurationException($"The endpoint of topic {topic} needs a group id.");
        return new KafkaEndpointSpecification<TKey, TValue>(Settings, topic, consumer, configure);
    }

    public void AddProducer<TKey, TValue>(string topic, ProducerConfig config, Action<IKafkaProducerConfigurator<TKey, TValue>> configure)
        where TValue : class
    {
        if (!_producers.TryAdd(topic, new KafkaProducerSpecification<TKey, TValue>(topic, config, configure)))
            throw new ConfigurationException($"A producer of the topic was already added: {topic}");
    }

    public IEnumerable<ValidationResult> Validate()
    {
        foreach (var result in Settings.Validate())
            yield return result;
        foreach (var result in _producers.Values.SelectMany(producer => producer.Validate(Settings)))
            yield return result;
    }

    public KafkaRider Build(IBusInstance bus)
    {
        var producers = new TopicProducers(Settings, bus.HostConfiguration, _producers);
        var endpoints = new ReceiveEndpointCollection();
        foreach (var endpoint in _endpoints.Values)
            endpoints.Add(endpoint.EndpointName, endpoint.CreateReceiveEndpoint(bus, producers.Clients));
        return new KafkaRider(this, bus, endpoints, producers);
    }

    private static T Required<T>(T? value)
        where T : class => value ?? throw new ArgumentNullException(nameof(value));
}

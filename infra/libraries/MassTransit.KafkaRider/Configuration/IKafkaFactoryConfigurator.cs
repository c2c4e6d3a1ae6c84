using Confluent.Kafka;
using MassTransit.KafkaIntegration.Serializers;

namespace MassTransit;

/// <summary>
/// Configures the rider: the brokers, the client settings that producers and consumers share, and the topic endpoints.
/// Mirrors the interface of the same name in MassTransit.Kafka; a setting left unset keeps librdkafka's default.
/// </summary>
public interface IKafkaFactoryConfigurator : IRiderFactoryConfigurator, ISendObserverConnector, ISendPipelineConfigurator
{
    /// <summary>Which replicas must have a message before it counts as delivered (<c>acks</c>). Default: all.</summary>
    Acks? Acks { set; }

    /// <summary>The name that brokers log for these clients (<c>client.id</c>). Default: <c>rdkafka</c>.</summary>
    string? ClientId { set; }

    /// <summary>Largest protocol request, in bytes (<c>message.max.bytes</c>). Default: 1,000,000.</summary>
    int? MessageMaxBytes { set; }

    /// <summary>Messages up to this many bytes are copied, larger ones referred to (<c>message.copy.max.bytes</c>). Default: 65,535.</summary>
    int? MessageCopyMaxBytes { set; }

    /// <summary>Largest protocol response, in bytes (<c>receive.message.max.bytes</c>). Default: 100,000,000.</summary>
    int? ReceiveMessageMaxBytes { set; }

    /// <summary>Requests under way on one broker connection (<c>max.in.flight</c>); at most 5 with idempotence. Default: 1,000,000.</summary>
    int? MaxInFlight { set; }

    /// <summary>
    /// How often topics and brokers are looked up again (<c>topic.metadata.refresh.interval.ms</c>). Default: 5 minutes; 10 seconds on a topic
    /// endpoint.
    /// </summary>
    TimeSpan? TopicMetadataRefreshInterval { set; }

    /// <summary>How long metadata is cached (<c>metadata.max.age.ms</c>). Default: three times the refresh interval.</summary>
    TimeSpan? MetadataMaxAge { set; }

    /// <summary>
    /// First interval of the look-ups after a topic lost its leader (<c>topic.metadata.refresh.fast.interval.ms</c>). Default: 100 ms.
    /// </summary>
    TimeSpan? TopicMetadataRefreshFastInterval { set; }

    /// <summary>Ask only about topics in use (<c>topic.metadata.refresh.sparse</c>). Default: true.</summary>
    bool? TopicMetadataRefreshSparse { set; }

    /// <summary>Comma-separated regular expressions of topics to ignore (<c>topic.blacklist</c>). Default: none.</summary>
    string? TopicBlacklist { set; }

    /// <summary>Comma-separated debug contexts of librdkafka (<c>debug</c>). Default: none.</summary>
    string? Debug { set; }

    /// <summary>How long a broker's resolved address is cached, in milliseconds (<c>broker.address.ttl</c>). Default: 1,000.</summary>
    int? BrokerAddressTtl { set; }

    /// <summary>Address families to connect with (<c>broker.address.family</c>). Default: any.</summary>
    BrokerAddressFamily? BrokerAddressFamily { set; }

    /// <summary>First pause before reconnecting; doubled, with jitter, up to the maximum (<c>reconnect.backoff.ms</c>). Default: 100 ms.</summary>
    TimeSpan? ReconnectBackoff { set; }

    /// <summary>
    /// Longest pause before reconnecting (<c>reconnect.backoff.max.ms</c>). Default: 10 seconds; 2 seconds where neither is set (see the README).
    /// </summary>
    TimeSpan? ReconnectBackoffMax { set; }

    /// <summary>How often statistics handlers are called (<c>statistics.interval.ms</c>); zero for never. Default: never.</summary>
    TimeSpan? StatisticsInterval { set; }

    /// <summary>Queue log messages instead of calling the logger from librdkafka's threads (<c>log.queue</c>). Default: false.</summary>
    bool? LogQueue { set; }

    /// <summary>Print librdkafka's thread names in its log messages (<c>log.thread.name</c>). Default: true.</summary>
    bool? LogThreadName { set; }

    /// <summary>Log a broker's disconnects (<c>log.connection.close</c>). Default: true.</summary>
    bool? LogConnectionClose { set; }

    /// <summary>Signal by which librdkafka ends its threads sooner (<c>internal.termination.signal</c>). Default: 0, none.</summary>
    int? InternalTerminationSignal { set; }

    /// <summary>How to talk to brokers (<c>security.protocol</c>). Default: plaintext.</summary>
    SecurityProtocol? SecurityProtocol { set; }

    /// <summary>Plugin libraries to load, separated by semicolons (<c>plugin.library.paths</c>). Default: none.</summary>
    string? PluginLibraryPaths { set; }

    /// <summary>Where this client stands, to fetch from a near replica (<c>client.rack</c>). Default: none.</summary>
    string? ClientRack { set; }

    /// <summary>Names the brokers. Once only.</summary>
    /// <param name="servers">Bootstrap addresses, <c>host:port</c> each.</param>
    /// <param name="configure">SSL and SASL.</param>
    /// <exception cref="ConfigurationException">Called a second time.</exception>
    void Host(IReadOnlyList<string> servers, Action<IKafkaHostConfigurator>? configure = null);

    /// <summary>Fetches a token for SASL/OAUTHBEARER when librdkafka asks for one.</summary>
    /// <param name="handler">Gets the client and <c>sasl.oauthbearer.config</c>; sets the token on the client.</param>
    void OAuthBearerTokenRefreshHandler(Action<IClient, string> handler);

    /// <summary>Sets how protocol versions are negotiated.</summary>
    void ConfigureApi(Action<IKafkaApiConfigurator> configure);

    /// <summary>Sets socket options.</summary>
    void ConfigureSocket(Action<IKafkaSocketConfigurator> configure);

    /// <summary>Consumes a topic.</summary>
    /// <param name="topicName">The topic; one that begins with <c>^</c> is a regular expression, and stands for all topics that match.</param>
    /// <param name="groupId">The consumer group: its members share the partitions and the committed offsets.</param>
    /// <param name="configure">Configures the endpoint and its consumers.</param>
    /// <typeparam name="TKey">Type of the key; <see cref="Ignore"/> where it does not matter.</typeparam>
    /// <typeparam name="TValue">Type of the message.</typeparam>
    void TopicEndpoint<TKey, TValue>(string topicName, string groupId, Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure)
        where TValue : class;

    /// <summary>Consumes a topic with client settings of one's own. Those of auto-commit are refused: the rider decides what is committed.</summary>
    /// <param name="topicName">The topic; one that begins with <c>^</c> is a regular expression, and stands for all topics that match.</param>
    /// <param name="consumerConfig">Client settings; <c>GroupId</c> is required.</param>
    /// <param name="configure">Configures the endpoint and its consumers.</param>
    /// <typeparam name="TKey">Type of the key.</typeparam>
    /// <typeparam name="TValue">Type of the message.</typeparam>
    void TopicEndpoint<TKey, TValue>(
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class;

    /// <summary>Sets how headers are read on every endpoint that does not set its own.</summary>
    void SetHeadersDeserializer(IHeadersDeserializer deserializer);

    /// <summary>Sets how headers are written by every producer that does not set its own.</summary>
    void SetHeadersSerializer(IHeadersSerializer serializer);

    /// <summary>Sets where serializers of keys and values come from, for every producer and endpoint that does not set its own.</summary>
    void SetSerializationFactory(IKafkaSerializerFactory factory);
}

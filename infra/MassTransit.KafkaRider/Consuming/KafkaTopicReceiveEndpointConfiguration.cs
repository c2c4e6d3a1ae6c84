using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Observables;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Collects how a topic endpoint is configured, then builds it.</summary>
internal sealed class KafkaTopicReceiveEndpointConfiguration<TKey, TValue> : ReceiveEndpointConfiguration, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>,
    IKafkaRiderEndpointSettings
    where TValue : class
{
    // The client's own limits (auto.commit.interval.ms).
    private static readonly TimeSpan _shortestCheckpoint = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _longestCheckpoint = TimeSpan.FromDays(1);

    private readonly KafkaFactoryConfigurator _rider;
    private readonly IBusInstance _bus;
    private readonly IReceiveEndpointConfiguration _endpoint;
    private readonly string _topic;
    private readonly ConsumerConfig _consumer;
    private readonly BatchConsumers<TValue> _batches = new();
    private readonly ConsumeObservable _consumeObservers = new();
    private IHeadersDeserializer _headersDeserializer;
    private IDeserializer<TKey> _keyDeserializer;
    private IDeserializer<TValue> _valueDeserializer;
    private KafkaTopicOptions? _topicToCreate;

    public KafkaTopicReceiveEndpointConfiguration(KafkaFactoryConfigurator rider, IBusInstance bus, IReceiveEndpointConfiguration endpoint, string topic,
        ConsumerConfig consumer)
        : base(bus.HostConfiguration, endpoint)
    {
        _rider = rider;
        _bus = bus;
        _endpoint = endpoint;
        _topic = topic;
        _consumer = new ConsumerConfig(new Dictionary<string, string>(rider.Client));
        foreach (var (name, value) in consumer) _consumer.Set(name, value);
        _headersDeserializer = rider.HeadersDeserializer;
        _keyDeserializer = rider.Serializers.GetDeserializer<TKey>();
        _valueDeserializer = rider.Serializers.GetDeserializer<TValue>();

        ConcurrentMessageLimit = 1;
        PrefetchCount = 1000;
        PublishFaults = false;
        ConnectConsumerConfigurationObserver(_batches);

        // A fault must reach the poll loop, which delivers again; there is no error queue that it could go to instead.
        this.RethrowFaultedMessages();
        this.ThrowOnSkippedMessages();
    }

    public override Uri HostAddress => _endpoint.HostAddress;
    public override Uri InputAddress => _endpoint.InputAddress;

    public AutoOffsetReset? AutoOffsetReset { set => _consumer.AutoOffsetReset = value; }
    public string? GroupInstanceId { set => _consumer.GroupInstanceId = value; }
    public PartitionAssignmentStrategy? PartitionAssignmentStrategy { set => _consumer.PartitionAssignmentStrategy = value; }
    public TimeSpan? SessionTimeout { set => _consumer.SessionTimeoutMs = Milliseconds.Of(value); }
    public TimeSpan? HeartbeatInterval { set => _consumer.HeartbeatIntervalMs = Milliseconds.Of(value); }
    public string? GroupProtocolType { set => _consumer.GroupProtocolType = value; }
    public TimeSpan? CoordinatorQueryInterval { set => _consumer.CoordinatorQueryIntervalMs = Milliseconds.Of(value); }
    public TimeSpan? MaxPollInterval { set => _consumer.MaxPollIntervalMs = Milliseconds.Of(value); }
    public bool? EnableAutoOffsetStore { set => _ = value; }
    public int? QueuedMinMessages { set => _consumer.QueuedMinMessages = value; }
    public int? QueuedMaxMessagesKbytes { set => _consumer.QueuedMaxMessagesKbytes = value; }
    public bool? EnablePartitionEof { set => _consumer.EnablePartitionEof = value; }
    public bool? CheckCrcs { set => _consumer.CheckCrcs = value; }

    public long Offset { get; set; } = Confluent.Kafka.Offset.Unset.Value;
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(1);
    public ushort CheckpointMessageCount { get; set; } = 5000;
    public ushort MessageLimit { get; set; } = 10000;
    public ushort ConcurrentConsumerLimit { get; set; } = 1;
    public int ConcurrentDeliveryLimit { get; set; } = 1;
    public Action<CommittedOffsets>? OffsetsCommittedHandler { get; private set; }
    public Action<string>? StatisticsHandler { get; private set; }
    public Func<UndecodableMessage, CancellationToken, Task>? UndecodableHandler { get; set; }
    public TimeSpan StandsStillAfter { get; set; } = TimeSpan.FromMinutes(1);
    public RedeliveryPauses RedeliveryPauses { get; set; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    public void ConfigureFetch(Action<IKafkaFetchConfigurator> configure) => configure(new KafkaFetchConfigurator(_consumer));

    public void UseIsolationLevel(IsolationLevel isolationLevel) => _consumer.IsolationLevel = isolationLevel;

    public void SetHeadersDeserializer(IHeadersDeserializer deserializer)
    {
        ArgumentNullException.ThrowIfNull(deserializer);
        _headersDeserializer = deserializer;
    }

    public void SetKeyDeserializer(IDeserializer<TKey> deserializer)
    {
        ArgumentNullException.ThrowIfNull(deserializer);
        _keyDeserializer = deserializer;
    }

    public void SetValueDeserializer(IDeserializer<TValue> deserializer)
    {
        ArgumentNullException.ThrowIfNull(deserializer);
        _valueDeserializer = deserializer;
    }

    public void SetOffsetsCommittedHandler(Action<CommittedOffsets> offsetsCommittedHandler)
    {
        ArgumentNullException.ThrowIfNull(offsetsCommittedHandler);
        OffsetsCommittedHandler = offsetsCommittedHandler;
    }

    public void SetStatisticsHandler(Action<string> statisticsHandler)
    {
        ArgumentNullException.ThrowIfNull(statisticsHandler);
        StatisticsHandler = statisticsHandler;
    }

    public void CreateIfMissing(Action<KafkaTopicOptions>? configure = default)
    {
        if (_topicToCreate is not null) throw new InvalidOperationException("CreateIfMissing may not be specified more than once.");
        _topicToCreate = new KafkaTopicOptions(_topic);
        configure?.Invoke(_topicToCreate);
    }

    public override IEnumerable<ValidationResult> Validate()
    {
        if (CheckpointInterval < _shortestCheckpoint || CheckpointInterval > _longestCheckpoint)
            yield return this.Failure(nameof(CheckpointInterval), $"should be from {_shortestCheckpoint} to {_longestCheckpoint}");
        if (CheckpointMessageCount == 0) yield return this.Failure(nameof(CheckpointMessageCount), "should be greater than 0");
        if (PrefetchCount <= 0) yield return this.Failure(nameof(PrefetchCount), "should be greater than 0");
        if (ConcurrentConsumerLimit == 0) yield return this.Failure(nameof(ConcurrentConsumerLimit), "should be greater than 0");
        if (ConcurrentDeliveryLimit <= 0) yield return this.Failure(nameof(ConcurrentDeliveryLimit), "should be greater than 0");
        if (MessageLimit == 0) yield return this.Failure(nameof(MessageLimit), "should be greater than 0");
        foreach (var result in _topicToCreate?.Validate() ?? []) yield return result;
        foreach (var result in base.Validate()) yield return result;
        if (ConsumerClient.Refuses(_consumer) is { } reason) yield return this.Failure("ConsumerConfig", reason);
        if (_batches.Options.Any(options => options.GroupKeyProvider is not null))
            yield return this.Failure("BatchOptions.GroupBy", "is not supported: a batch is what was polled");
    }

    public override IReceivePipe CreateReceivePipe() => new ObservedReceivePipe(base.CreateReceivePipe(), _consumeObservers);

    public override ReceiveEndpointContext CreateReceiveEndpointContext() =>
        new KafkaEndpointContext<TKey, TValue>(_bus, this, _topic, _consumer.GroupId, _headersDeserializer, _keyDeserializer, _valueDeserializer);

    public ReceiveEndpoint Build()
    {
        var builder = new KafkaEndpointBuilder<TValue>(this, _batches);
        ApplySpecifications(builder);
        var context = (KafkaEndpointContext<TKey, TValue>)CreateReceiveEndpointContext();
        var batchPipes = _batches.BuildPipes();
        ReconnectDefaults.Apply(_consumer);
        var settings = new ConsumerSettings
        {
            Client = _consumer,
            Topic = _topic,
            TopicToCreate = _topicToCreate,
            StartOffset = new Offset(Offset),
            CheckpointInterval = CheckpointInterval,
            CheckpointMessageCount = CheckpointMessageCount,
            MessageLimit = MessageLimit,
            Consumers = ConcurrentConsumerLimit,
            ConcurrentMessages = context.ConcurrentMessageLimit ?? 1,
            ConcurrentDeliveries = ConcurrentDeliveryLimit,
            Prefetch = context.PrefetchCount,
            OffsetsCommittedHandler = OffsetsCommittedHandler,
            StatisticsHandler = StatisticsHandler,
            TokenRefreshHandler = _rider.TokenRefreshHandler,

            // A batch may wait that long for company.
            StandsStillAfter = StandsStillAfter + (batchPipes.Length > 0 ? BatchLimits.Of(_batches.Options).Time : TimeSpan.Zero),
            StopTimeout = context.ConsumerStopTimeout ?? context.StopTimeout ?? ConsumerSettings.DefaultStopTimeout,
        };
        var decoder = new RecordDecoder<TKey, TValue>(context, UndecodableHandler);
        var redelivery = new Redelivery(RedeliveryPauses, context);
        var abandoned = new AbandonedAttempts();
        IRecordPath<TValue> CreatePath() => batchPipes.Length > 0
            ? new BatchPath<TKey, TValue>(context, redelivery, BatchLimits.Of(_batches.Options), new BatchDelivery<TKey, TValue>(context, decoder, batchPipes,
                builder.HasMessageConsumers ? context.CreateReceivePipeDispatcher() : null, new BatchObservers<TKey, TValue>(context, _consumeObservers)), abandoned)
            : new MessagePath<TKey, TValue>(new MessageDelivery<TKey, TValue>(context, decoder, redelivery), settings, abandoned);
        return new ReceiveEndpoint(new KafkaReceiveTransport<TValue>(context, settings, CreatePath), context);
    }
}

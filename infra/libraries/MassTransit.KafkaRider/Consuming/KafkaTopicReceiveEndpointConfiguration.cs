using System.Text.RegularExpressions;
using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.KafkaIntegration.Producing;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Observables;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Collects how a topic endpoint is configured, then builds it.</summary>
internal sealed class KafkaTopicReceiveEndpointConfiguration<TKey, TValue>
    : NotedEndpointConfiguration,
        IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>,
        IKafkaRiderEndpointSettings
    where TValue : class
{
    // The client's own limits (auto.commit.interval.ms).
    private static readonly TimeSpan _shortestCheckpoint = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _longestCheckpoint = TimeSpan.FromDays(1);

    private readonly RiderSettings _rider;
    private readonly IBusInstance _bus;
    private readonly ProducerClients _producers;
    private readonly IReceiveEndpointConfiguration _endpoint;
    private readonly string _topic;
    private readonly ConsumerConfig _consumer;
    private readonly BatchConsumers<TValue> _batches = new();
    private readonly ConsumeObservable _consumeObservers = new();
    private IHeadersDeserializer _headersDeserializer;
    private IDeserializer<TKey> _keyDeserializer;
    private IDeserializer<TValue> _valueDeserializer;
    private KafkaTopicOptions? _topicToCreate;

    public KafkaTopicReceiveEndpointConfiguration(
        RiderSettings rider,
        IBusInstance bus,
        ProducerClients producers,
        IReceiveEndpointConfiguration endpoint,
        string topic,
        ConsumerConfig consumer
    )
        : base(bus.HostConfiguration, endpoint)
    {
        _rider = rider;
        _bus = bus;
        _producers = producers;
        _endpoint = endpoint;
        _topic = topic;
        _consumer = new ConsumerConfig(new Dictionary<string, string>(rider.Client));
        foreach (var (name, value) in consumer)
            _consumer.Set(name, value);
        _headersDeserializer = rider.HeadersDeserializer;
        _keyDeserializer = rider.Serializers.GetDeserializer<TKey>();
        _valueDeserializer = rider.Serializers.GetDeserializer<TValue>();

        ConcurrentMessageLimit = 1;
        PrefetchCount = 1000;
        PublishFaults = false;
        ConnectConsumerConfigurationObserver(_batches);
    }

    /// <summary>What the application that is moved from MassTransit.Kafka may set for all its endpoints, without changing its code.</summary>
    private static bool _discardsByDefault => AppContext.TryGetSwitch("MassTransit.KafkaRider.DiscardFaultedMessages", out var isOn) && isOn;

    private ErrorPipe Faults => ErrorPipe.Of(Receive.ErrorConfigurator.Build());

    public override Uri HostAddress => _endpoint.HostAddress;
    public override Uri InputAddress => _endpoint.InputAddress;

    public AutoOffsetReset? AutoOffsetReset
    {
        set => _consumer.AutoOffsetReset = value;
    }
    public string? GroupInstanceId
    {
        set => _consumer.GroupInstanceId = value;
    }
    public PartitionAssignmentStrategy? PartitionAssignmentStrategy
    {
        set => _consumer.PartitionAssignmentStrategy = value;
    }
    public TimeSpan? SessionTimeout
    {
        set => _consumer.SessionTimeoutMs = Milliseconds.Of(value);
    }
    public TimeSpan? HeartbeatInterval
    {
        set => _consumer.HeartbeatIntervalMs = Milliseconds.Of(value);
    }
    public string? GroupProtocolType
    {
        set => _consumer.GroupProtocolType = value;
    }
    public TimeSpan? CoordinatorQueryInterval
    {
        set => _consumer.CoordinatorQueryIntervalMs = Milliseconds.Of(value);
    }
    public TimeSpan? MaxPollInterval
    {
        set => _consumer.MaxPollIntervalMs = Milliseconds.Of(value);
    }
    public bool? EnableAutoOffsetStore
    {
        set => _consumer.EnableAutoOffsetStore = value;
    }
    public int? QueuedMinMessages
    {
        set => _consumer.QueuedMinMessages = value;
    }
    public int? QueuedMaxMessagesKbytes
    {
        set => _consumer.QueuedMaxMessagesKbytes = value;
    }
    public bool? EnablePartitionEof
    {
        set => _consumer.EnablePartitionEof = value;
    }
    public bool? CheckCrcs
    {
        set => _consumer.CheckCrcs = value;
    }

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

    public GiveUpSettings? GiveUp { get; set; }

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
        if (_topicToCreate is not null)
            throw new InvalidOperationException("CreateIfMissing may not be specified more than once.");
        _topicToCreate = new KafkaTopicOptions(_topic);
        configure?.Invoke(_topicToCreate);
    }

    public override IEnumerable<ValidationResult> Validate()
    {
        if (CheckpointInterval < _shortestCheckpoint || CheckpointInterval > _longestCheckpoint)
            yield return this.Failure(nameof(CheckpointInterval), $"should be from {_shortestCheckpoint} to {_longestCheckpoint}");
        if (CheckpointMessageCount == 0)
            yield return this.Failure(nameof(CheckpointMessageCount), "should be greater than 0");
        if (PrefetchCount <= 0)
            yield return this.Failure(nameof(PrefetchCount), "should be greater than 0");
        if (ConcurrentConsumerLimit == 0)
            yield return this.Failure(nameof(ConcurrentConsumerLimit), "should be greater than 0");
        if (ConcurrentDeliveryLimit <= 0)
            yield return this.Failure(nameof(ConcurrentDeliveryLimit), "should be greater than 0");
        if (MessageLimit == 0)
            yield return this.Failure(nameof(MessageLimit), "should be greater than 0");
        foreach (var result in _topicToCreate?.Validate() ?? [])
            yield return result;
        foreach (var result in base.Validate())
            yield return result;
        if (ConsumerClient.Refuses(_consumer) is { } reason)
            yield return this.Failure("ConsumerConfig", reason);
        foreach (var (name, why) in Unsupported())
            yield return this.Failure(name, why);
    }

    /// <summary>What contradicts how the rider works. Said by name: what is not supported is not ignored.</summary>
    private IEnumerable<(string Name, string Why)> Unsupported()
    {
        if (_consumer.EnableAutoOffsetStore == true)
            yield return ("EnableAutoOffsetStore", "is not supported: an offset is stored when its message is done, never before");
        if (_consumer.EnableAutoCommit == true)
            yield return ("EnableAutoCommit", "is not supported: the rider commits what is done; leave it out");
        if (_consumer.AutoCommitIntervalMs is not null)
            yield return ("AutoCommitIntervalMs", "is not supported: CheckpointInterval says how often offsets are committed");
        if (_consumer.EnablePartitionEof == true)
            yield return ("EnablePartitionEof", "is not supported: the end of a partition is not delivered to consumers; leave it out");
        foreach (var ignored in Ignored)
            yield return ignored;
        if (TopicPattern.Is(_topic))
        {
            if (_topicToCreate is not null)
                yield return ("CreateIfMissing", $"is not supported with a pattern: {_topic} names no topic");
            if (
                _consumer.Get(ConfigPropertyNames.Consumer.ConsumeResultFields) is { } fields
                && fields != "all"
                && !fields.Split(',').Contains("topic")
            )
                yield return (ConfigPropertyNames.Consumer.ConsumeResultFields, "needs topic with a pattern: a record's topic says which it is");
        }

        if (GiveUp is not null && TopicPattern.Is(_topic) && (GiveUp.Options.Topic is not { } letters || Regex.IsMatch(letters, _topic)))
            yield return ("GiveUpAfter", "needs with a pattern a dead-letter topic that the pattern does not match: a dead letter would come again");
        if (GiveUp?.Options.Topic == _topic)
            yield return ("GiveUpAfter", "needs a dead-letter topic other than the endpoint's own: a dead letter would come again");
        foreach (var refused in GiveUp is null ? [] : DeadLetterTopic.Refused(GiveUp.Options, _rider))
            yield return ("GiveUpAfter", refused);
        if (GiveUp is not null && Faults.IsConfigured)
            yield return ("GiveUpAfter", "cannot be combined with DiscardFaultedMessages or ConfigureError: one of them decides");
        if (PublishFaults && GiveUp is null && !Faults.IsConfigured && !_discardsByDefault)
            yield return ("PublishFaults", "needs GiveUpAfter or DiscardFaultedMessages: a message that is delivered until it succeeds has no fault");
        if (!_batches.Any)
            yield break;
        if (Faults is { IsConfigured: true, Discards: false })
            yield return ("ConfigureError", "is not supported for batch consumers: use GiveUpAfter or DiscardFaultedMessages");
        if (HasFilters)
            yield return (
                "Filters of the endpoint",
                "are not supported for batch consumers, which have their own: configure UseMessageRetry, UseFilter, … on the consumer"
            );
        var groupings = _batches.Options.Select(options => options.GroupKeyProvider).Distinct().ToList();
        if (groupings.Count > 1)
            yield return ("BatchOptions.GroupBy", "has to be the same for all batch consumers of an endpoint: they get the same batches");
    }

    public override IReceivePipe CreateReceivePipe() => new ObservedReceivePipe(base.CreateReceivePipe(), _consumeObservers);

    public override ReceiveEndpointContext CreateReceiveEndpointContext() =>
        new KafkaEndpointContext<TKey, TValue>(_bus, this, _topic, _consumer.GroupId, _headersDeserializer, _keyDeserializer, _valueDeserializer);

    public ReceiveEndpoint Build()
    {
        var builder = new KafkaEndpointBuilder<TValue>(this, _batches);
        ApplySpecifications(builder);
        var faults = Faults;
        var discards = faults.Discards || (!faults.IsConfigured && GiveUp is null && _discardsByDefault);
        if (discards && _batches.Any && builder.HasMessageConsumers)
            throw new ConfigurationException($"DiscardFaultedMessages is not supported where batch consumers share {InputAddress} with others.");
        if (discards && !faults.IsConfigured)
            this.DiscardFaultedMessages();

        // Unless somebody asks for something else, a fault reaches the poll loop, which delivers again: there is no error queue that it could go to.
        if (!discards && !faults.IsConfigured)
            this.RethrowFaultedMessages();
        if (!Receive.DeadLetterConfigurator.Build().IsNotEmpty())
        {
            if (discards)
                this.DiscardSkippedMessages();
            else
                this.ThrowOnSkippedMessages();
        }

        // A fault is published when a message is given up. Where MassTransit discards single messages, it publishes that itself, once for each.
        var publishFaults = PublishFaults;
        PublishFaults = publishFaults && (faults.IsConfigured || discards) && !_batches.Any;
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
        var givingUp = CreateGivingUp(context, discards, publishFaults && !PublishFaults);
        var decoder = new RecordDecoder<TKey, TValue>(context, UndecodableHandler, givingUp);
        var redelivery = new Redelivery(RedeliveryPauses, context);
        var abandoned = new AbandonedAttempts();
        IRecordPath<TValue> CreatePath() =>
            batchPipes.Length > 0
                ? new BatchPath<TKey, TValue>(
                    context,
                    redelivery,
                    BatchLimits.Of(_batches.Options),
                    new BatchDelivery<TKey, TValue>(
                        context,
                        decoder,
                        batchPipes,
                        builder.HasMessageConsumers ? context.CreateReceivePipeDispatcher() : null,
                        new BatchObservers<TKey, TValue>(context, _consumeObservers),
                        givingUp
                    ),
                    abandoned,
                    CreateBuffers(decoder)
                )
                : new MessagePath<TKey, TValue>(new MessageDelivery<TKey, TValue>(context, decoder, redelivery, givingUp), settings, abandoned);
        return new ReceiveEndpoint(new KafkaReceiveTransport<TValue>(context, settings, CreatePath), context);
    }

    private GivingUp<TKey, TValue>? CreateGivingUp(KafkaEndpointContext<TKey, TValue> context, bool discards, bool publishFaults)
    {
        if (GiveUp is { } giveUp)
        {
            var topic = new DeadLetterTopic(giveUp.Options, _rider, _producers, context.GroupId);
            return new GivingUp<TKey, TValue>(context, giveUp.Attempts, giveUp.Options.When, topic, publishFaults);
        }

        return discards ? new GivingUp<TKey, TValue>(context, 1, _ => true, null, publishFaults) : null;
    }

    /// <summary>With groups, as much is held as is fetched ahead: a batch of one group is not to wait until the others are full.</summary>
    private BatchBuffers<TValue> CreateBuffers(RecordDecoder<TKey, TValue> decoder)
    {
        var limits = BatchLimits.Of(_batches.Options);
        return _batches.Options.First().GroupKeyProvider is { } provider
            ? new BatchBuffers<TValue>(limits, Math.Max(limits.Messages, PrefetchCount), new BatchGroups<TKey, TValue>(decoder, provider).Of)
            : new BatchBuffers<TValue>(limits, limits.Messages, null);
    }
}

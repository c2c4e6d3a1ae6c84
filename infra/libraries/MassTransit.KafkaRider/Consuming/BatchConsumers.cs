using MassTransit.Configuration;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Finds the consumers of <c>Batch&lt;TValue&gt;</c> while the endpoint is configured, so that they can be given batches straight from the poll loop.
/// A consumer's specification builds its pipe as often as it is asked: once for MassTransit's own batch collector, which is then left unconnected,
/// and once more for the poll loop, with the same filters and consumer factory.
/// </summary>
internal sealed class BatchConsumers<TValue> : IConsumerConfigurationObserver
    where TValue : class
{
    private readonly Dictionary<Type, IOptionsSet> _options = [];
    private readonly Dictionary<Type, Func<IPipe<ConsumeContext<Batch<TValue>>>>> _pipes = [];

    /// <summary>Set while MassTransit connects a batch consumer: the next connection of a message pipe is that of its collector.</summary>
    public bool IsConnectingCollector { get; set; }

    public bool Any => _pipes.Count > 0;

    public IReadOnlyCollection<BatchOptions> Options =>
        [.. _pipes.Keys.Select(consumer => _options.GetValueOrDefault(consumer)?.Options<BatchOptions>() ?? new BatchOptions())];

    public IPipe<ConsumeContext<Batch<TValue>>>[] BuildPipes() => [.. _pipes.Values.Select(build => build())];

    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class => _options[typeof(TConsumer)] = configurator;

    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class
        where TMessage : class
    {
        if (configurator is not IConsumerMessageSpecification<TConsumer, Batch<TValue>> specification || _pipes.ContainsKey(typeof(TConsumer)))
            return;
        specification.Message(message => message.AddPipeSpecification(new CollectorMark(this)));
        _pipes.Add(typeof(TConsumer), () => specification.BuildMessagePipe(_ => { }));
    }

    /// <summary>Adds nothing to the pipe, but is applied when it is built: just before the collector is connected.</summary>
    private sealed class CollectorMark(BatchConsumers<TValue> consumers) : IPipeSpecification<ConsumeContext<Batch<TValue>>>
    {
        public void Apply(IPipeBuilder<ConsumeContext<Batch<TValue>>> builder) => consumers.IsConnectingCollector = true;

        public IEnumerable<ValidationResult> Validate() => [];
    }
}

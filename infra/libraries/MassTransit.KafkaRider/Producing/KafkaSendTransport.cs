using System.Diagnostics;
using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.KafkaIntegration.Configuration;
using MassTransit.Logging;
using MassTransit.Observables;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>
/// Sends messages to one topic. What nobody configured costs nothing: without asynchronous pipes, observers, listeners to activities or to metrics,
/// the returned task is the client's own.
/// </summary>
internal sealed class KafkaSendTransport<TKey, TValue> : BaseSendTransportContext
    where TValue : class
{
    private readonly ProducerClient _client;
    private readonly KafkaProducerSettings<TKey, TValue> _settings;
    private readonly ISendPipe _sendPipe;
    private readonly Uri _source;
    private readonly Uri _destination;
    private readonly TopicPartition _anyPartition;
    private readonly SendObservers _observers;

    public KafkaSendTransport(
        string topic,
        IHostConfiguration host,
        RiderSettings rider,
        KafkaProducerSettings<TKey, TValue> settings,
        ProducerClient client
    )
        : base(host, host.BusConfiguration.BusEndpointConfiguration.Serialization.CreateSerializerCollection())
    {
        EntityName = topic;
        _client = client;
        _settings = settings;
        _source = host.HostAddress;
        _destination = new KafkaTopicAddress(host.HostAddress, topic);
        _anyPartition = new TopicPartition(topic, Partition.Any);

        var send = new SendPipeConfiguration(host.Topology.SendTopology);
        foreach (var configure in rider.SendConfigurations)
            configure(send.Configurator);
        _sendPipe = send.CreatePipe();
        _observers = new SendObservers(SendObservers, rider.SendObservable, host.SendObservers as SendObservable ?? Single(host.SendObservers));
    }

    public override string EntityName { get; }

    public override string ActivitySystem => "kafka";

    public override Task<SendContext<T>> CreateSendContext<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A topic is produced to, not sent to.");

    /// <summary>
    /// Fails by its task alone, whatever a pipe or a serializer throws: who collects the tasks of many messages loses none of them.
    /// </summary>
    public Task Produce(
        TKey key,
        TValue value,
        IPipe<KafkaSendContext<TKey, TValue>>? pipe,
        IPipe<SendContext<TValue>>? initializer,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return Begin(key, value, pipe, initializer, cancellationToken);
        }
#pragma warning disable CA1031 // The task has it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Task.FromException(exception);
        }
    }

    public void Connect() => _client.Connect();

    private Task Begin(
        TKey key,
        TValue value,
        IPipe<KafkaSendContext<TKey, TValue>>? pipe,
        IPipe<SendContext<TValue>>? initializer,
        CancellationToken cancellationToken
    )
    {
        var context = new KafkaMessageSendContext<TKey, TValue>(key, value, _settings.KeySerializer, _settings.ValueSerializer, cancellationToken)
        {
            DestinationAddress = _destination,
        };
        var prepared = Prepare(context, pipe, initializer);
        return prepared.IsCompletedSuccessfully ? Send(context) : SendPrepared(prepared, context);
    }

    private async Task SendPrepared(Task prepared, KafkaMessageSendContext<TKey, TValue> context)
    {
        await prepared.ConfigureAwait(false);
        await Send(context).ConfigureAwait(false);
    }

    /// <summary>The pipes, in MassTransit's order: what belongs to the scope, what is configured for all, the message's own.</summary>
    private Task Prepare(
        KafkaMessageSendContext<TKey, TValue> context,
        IPipe<KafkaSendContext<TKey, TValue>>? pipe,
        IPipe<SendContext<TValue>>? initializer
    ) => pipe is null && initializer is null ? _sendPipe.Send(context) : PrepareWithPipes(context, pipe, initializer);

    private async Task PrepareWithPipes(
        KafkaMessageSendContext<TKey, TValue> context,
        IPipe<KafkaSendContext<TKey, TValue>>? pipe,
        IPipe<SendContext<TValue>>? initializer
    )
    {
        if (pipe is ISendContextPipe scoped)
            await scoped.Send(context).ConfigureAwait(false);
        await _sendPipe.Send(context).ConfigureAwait(false);
        if (initializer is not null)
            await initializer.Send(context).ConfigureAwait(false);
        if (pipe is not null)
            await pipe.Send(context).ConfigureAwait(false);
    }

    private Task Send(KafkaMessageSendContext<TKey, TValue> context)
    {
        context.SourceAddress ??= _source;
        context.ConversationId ??= NewId.NextGuid();
        var caller = Activity.Current;
        var activity = LogContext.StartSendActivity(this, context);
        var instrument = LogContext.StartSendInstrument(this, context);
        if (activity is null && instrument is null && !_observers.Any)
            return Deliver(context);
        if (activity is { } started)
            KafkaSpans.Sending(started.Activity, context, EntityName);
        var delivered = DeliverObserved(context, activity, instrument);

        // Started here, it became the current one of the caller, whose next message would be taken for its child.
        if (activity is not null)
            Activity.Current = caller;
        return delivered;
    }

    private async Task DeliverObserved(KafkaMessageSendContext<TKey, TValue> context, StartedActivity? activity, StartedInstrument? instrument)
    {
        try
        {
            if (_observers.Any)
                await _observers.PreSend(context).ConfigureAwait(false);
            await Deliver(context).ConfigureAwait(false);
            activity?.Update(context);
            if (_observers.Any)
                await _observers.PostSend(context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (_observers.Any)
                await _observers.SendFault(context, exception).ConfigureAwait(false);
            activity?.AddExceptionEvent(exception);
            instrument?.AddException(exception);
            throw;
        }
        finally
        {
            activity?.Stop();
            instrument?.Stop();
        }
    }

    private Task Deliver(KafkaMessageSendContext<TKey, TValue> context)
    {
        var to = context.Partition == Partition.Any ? _anyPartition : new TopicPartition(EntityName, context.Partition);
        var headers = _settings.HeadersSerializer.Serialize(context);
        if (context is { KeySerializer: ISerializer<TKey> key, ValueSerializer: ISerializer<TValue> value })
        {
            return Deliver(
                context,
                to,
                headers,
                key.Serialize(context.Key, new SerializationContext(MessageComponentType.Key, EntityName, headers)),
                value.Serialize(context.Message, new SerializationContext(MessageComponentType.Value, EntityName, headers))
            );
        }

        return SerializeAndDeliver(context, to, headers);
    }

    private async Task SerializeAndDeliver(KafkaMessageSendContext<TKey, TValue> context, TopicPartition to, Confluent.Kafka.Headers headers)
    {
        var key = await context
            .KeySerializer.SerializeAsync(context.Key, new SerializationContext(MessageComponentType.Key, EntityName, headers))
            .ConfigureAwait(false);
        var value = await context
            .ValueSerializer.SerializeAsync(context.Message, new SerializationContext(MessageComponentType.Value, EntityName, headers))
            .ConfigureAwait(false);
        await Deliver(context, to, headers, key, value).ConfigureAwait(false);
    }

    private Task Deliver(KafkaMessageSendContext<TKey, TValue> context, TopicPartition to, Confluent.Kafka.Headers headers, byte[] key, byte[] value)
    {
        var message = new Message<byte[], byte[]>
        {
            Key = key,
            Value = value,
            Headers = headers,
        };
        return _client.Produce(to, message, context.CancellationToken);
    }

    private static SendObservable Single(ISendObserver observer)
    {
        var observable = new SendObservable();
        observable.Connect(observer);
        return observable;
    }
}

using System.Diagnostics.CodeAnalysis;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// A message whose context is made when somebody asks for more than the message: in a batch of a thousand, hardly anyone does, and the context would
/// cost more than the client and the JSON together.
/// </summary>
internal abstract class DeferredConsumeContext<TValue> : ConsumeContext<TValue>
    where TValue : class
{
    public abstract TValue Message { get; }

    /// <summary>The full context, made when first used.</summary>
    protected abstract ConsumeContext<TValue> Full { get; }

    public ReceiveContext ReceiveContext => Full.ReceiveContext;
    public SerializerContext SerializerContext => Full.SerializerContext;
    public Task ConsumeCompleted => Full.ConsumeCompleted;
    public IEnumerable<string> SupportedMessageTypes => Full.SupportedMessageTypes;
    public CancellationToken CancellationToken => Full.CancellationToken;
    public Guid? MessageId => Full.MessageId;
    public Guid? RequestId => Full.RequestId;
    public Guid? CorrelationId => Full.CorrelationId;
    public Guid? ConversationId => Full.ConversationId;
    public Guid? InitiatorId => Full.InitiatorId;
    public DateTime? ExpirationTime => Full.ExpirationTime;
    public Uri? SourceAddress => Full.SourceAddress;
    public Uri? DestinationAddress => Full.DestinationAddress;
    public Uri? ResponseAddress => Full.ResponseAddress;
    public Uri? FaultAddress => Full.FaultAddress;
    public DateTime? SentTime => Full.SentTime;
    public Headers Headers => Full.Headers;
    public HostInfo Host => Full.Host;

    public abstract Task NotifyConsumed(TimeSpan duration, string consumerType);

    public Task NotifyFaulted(TimeSpan duration, string consumerType, Exception exception) => Full.NotifyFaulted(duration, consumerType, exception);

    public abstract Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class;

    public Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Full.NotifyFaulted(context, duration, consumerType, exception);

    public bool HasMessageType(Type messageType) => Full.HasMessageType(messageType);

    public bool TryGetMessage<T>([NotNullWhen(true)] out ConsumeContext<T>? consumeContext)
        where T : class => Full.TryGetMessage(out consumeContext);

    public void AddConsumeTask(Task task) => Full.AddConsumeTask(task);

    public bool HasPayloadType(Type payloadType) => Full.HasPayloadType(payloadType);

    public bool TryGetPayload<T>([NotNullWhen(true)] out T? payload)
        where T : class => Full.TryGetPayload(out payload);

    public T GetOrAddPayload<T>(PayloadFactory<T> payloadFactory)
        where T : class => Full.GetOrAddPayload(payloadFactory);

    public T AddOrUpdatePayload<T>(PayloadFactory<T> addFactory, UpdatePayloadFactory<T> updateFactory)
        where T : class => Full.AddOrUpdatePayload(addFactory, updateFactory);

    public Task RespondAsync<T>(T message1)
        where T : class => Full.RespondAsync(message1);

    public Task RespondAsync<T>(T message1, IPipe<SendContext<T>> sendPipe)
        where T : class => Full.RespondAsync(message1, sendPipe);

    public Task RespondAsync<T>(T message1, IPipe<SendContext> sendPipe)
        where T : class => Full.RespondAsync(message1, sendPipe);

    public Task RespondAsync(object message1) => Full.RespondAsync(message1);

    public Task RespondAsync(object message1, Type messageType) => Full.RespondAsync(message1, messageType);

    public Task RespondAsync(object message1, IPipe<SendContext> sendPipe) => Full.RespondAsync(message1, sendPipe);

    public Task RespondAsync(object message1, Type messageType, IPipe<SendContext> sendPipe) => Full.RespondAsync(message1, messageType, sendPipe);

    public Task RespondAsync<T>(object values)
        where T : class => Full.RespondAsync<T>(values);

    public Task RespondAsync<T>(object values, IPipe<SendContext<T>> sendPipe)
        where T : class => Full.RespondAsync(values, sendPipe);

    public Task RespondAsync<T>(object values, IPipe<SendContext> sendPipe)
        where T : class => Full.RespondAsync<T>(values, sendPipe);

    public void Respond<T>(T message1)
        where T : class => Full.Respond(message1);

    public Task Publish<T>(T message1, CancellationToken cancellationToken = default)
        where T : class => Full.Publish(message1, cancellationToken);

    public Task Publish<T>(T message1, IPipe<PublishContext<T>> publishPipe, CancellationToken cancellationToken = default)
        where T : class => Full.Publish(message1, publishPipe, cancellationToken);

    public Task Publish<T>(T message1, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default)
        where T : class => Full.Publish(message1, publishPipe, cancellationToken);

    public Task Publish(object message1, CancellationToken cancellationToken = default) => Full.Publish(message1, cancellationToken);

    public Task Publish(object message1, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default) =>
        Full.Publish(message1, publishPipe, cancellationToken);

    public Task Publish(object message1, Type messageType, CancellationToken cancellationToken = default) =>
        Full.Publish(message1, messageType, cancellationToken);

    public Task Publish(object message1, Type messageType, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default) =>
        Full.Publish(message1, messageType, publishPipe, cancellationToken);

    public Task Publish<T>(object values, CancellationToken cancellationToken = default)
        where T : class => Full.Publish<T>(values, cancellationToken);

    public Task Publish<T>(object values, IPipe<PublishContext<T>> publishPipe, CancellationToken cancellationToken = default)
        where T : class => Full.Publish(values, publishPipe, cancellationToken);

    public Task Publish<T>(object values, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default)
        where T : class => Full.Publish<T>(values, publishPipe, cancellationToken);

    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => Full.GetSendEndpoint(address);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => Full.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => Full.ConnectSendObserver(observer);
}

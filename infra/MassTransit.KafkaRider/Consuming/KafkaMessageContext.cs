using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What the headers say of a message; each is read when it is asked for.</summary>
internal sealed class KafkaMessageContext(ConsumeResult<byte[], byte[]> result, ReceiveContext receiveContext) : MessageContext
{
    public Guid? MessageId => Headers.Get<Guid>(nameof(MessageId), null);
    public Guid? RequestId => null;
    public Guid? CorrelationId => Headers.Get<Guid>(nameof(CorrelationId), null);
    public Guid? ConversationId => Headers.Get<Guid>(nameof(ConversationId), null);
    public Guid? InitiatorId => Headers.Get<Guid>(nameof(InitiatorId), null);
    public DateTime? ExpirationTime => null;
    public Uri? SourceAddress => Headers.Get<string>(nameof(SourceAddress), null) is { Length: > 0 } text ? new Uri(text) : null;
    public Uri? DestinationAddress => receiveContext.InputAddress;
    public Uri? ResponseAddress => null;
    public Uri? FaultAddress => null;
    public DateTime? SentTime => result.Message.Timestamp.UtcDateTime;
    public Headers Headers => receiveContext.TransportHeaders;
    public HostInfo Host => null!;
}

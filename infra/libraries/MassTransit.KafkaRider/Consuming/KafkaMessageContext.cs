using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What the headers say of a message; each is read when it is asked for. One that is not what it is called is taken for absent.</summary>
internal sealed class KafkaMessageContext(ConsumeResult<byte[], byte[]> result, ReceiveContext receiveContext) : MessageContext
{
    public Guid? MessageId => Id(nameof(MessageId));
    public Guid? RequestId => null;
    public Guid? CorrelationId => Id(nameof(CorrelationId));
    public Guid? ConversationId => Id(nameof(ConversationId));
    public Guid? InitiatorId => Id(nameof(InitiatorId));
    public DateTime? ExpirationTime => null;
    public Uri? SourceAddress => Uri.TryCreate(Headers.Get<string>(nameof(SourceAddress), null), UriKind.Absolute, out var address) ? address : null;
    public Uri? DestinationAddress => receiveContext.InputAddress;
    public Uri? ResponseAddress => null;
    public Uri? FaultAddress => null;
    public DateTime? SentTime => result.Message.Timestamp.UtcDateTime;
    public Headers Headers => receiveContext.TransportHeaders;
    public HostInfo Host => null!;

    private Guid? Id(string name) =>
        Headers.TryGetHeader(name, out var value) ? value as Guid? ?? (Guid.TryParse(value as string, out var id) ? id : null) : null;
}

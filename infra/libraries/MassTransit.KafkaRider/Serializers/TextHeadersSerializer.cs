using System.Text;
using Confluent.Kafka;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>
/// Writes what identifies a message, and the headers that were set on it. Addresses repeat from message to message, so their bytes are kept.
/// </summary>
internal sealed class TextHeadersSerializer : IHeadersSerializer
{
    private static readonly TransportSetHeaderAdapter<Header> _adapter = new(
        new KafkaHeaderValueConverter(),
        TransportHeaderOptions.IncludeFaultMessage
    );

    private KnownAddress? _source;
    private KnownAddress? _destination;

    public Confluent.Kafka.Headers Serialize(SendContext context)
    {
        var headers = new Confluent.Kafka.Headers();
        AddCustom(headers, context);
        Add(headers, nameof(MessageContext.MessageId), context.MessageId);
        Add(headers, nameof(MessageContext.CorrelationId), context.CorrelationId);
        Add(headers, nameof(MessageContext.ConversationId), context.ConversationId);
        Add(headers, nameof(MessageContext.InitiatorId), context.InitiatorId);
        if (context.DestinationAddress is { } destination)
            headers.Add(nameof(MessageContext.DestinationAddress), Text(ref _destination, destination));
        if (context.SourceAddress is { } source)
            headers.Add(nameof(MessageContext.SourceAddress), Text(ref _source, source));
        if (context.ContentType is { } contentType)
            headers.Add(MessageHeaders.ContentType, Encoding.UTF8.GetBytes(contentType.ToString()));
        return headers;
    }

    private static void AddCustom(Confluent.Kafka.Headers headers, SendContext context)
    {
        Dictionary<string, Header>? custom = null;
        foreach (var header in context.Headers)
        {
            var value = header;
            custom ??= [];

            // The adapter leaves it out; a header without a value is one all the same.
            if (value.Value is null)
                custom[value.Key] = new Header(value.Key, null);
            else
                _adapter.Set(custom, in value);
        }

        if (custom is null)
            return;
        foreach (var header in custom.Values)
        {
            if (!IsOfMessage(header.Key, context))
                headers.Add(header);
        }
    }

    /// <summary>What is produced while another message is consumed has that one's headers, its ids among them: the message's own count.</summary>
    private static bool IsOfMessage(string name, SendContext context) =>
        name switch
        {
            nameof(MessageContext.MessageId) => context.MessageId.HasValue,
            nameof(MessageContext.CorrelationId) => context.CorrelationId.HasValue,
            nameof(MessageContext.ConversationId) => context.ConversationId.HasValue,
            nameof(MessageContext.InitiatorId) => context.InitiatorId.HasValue,
            nameof(MessageContext.DestinationAddress) => context.DestinationAddress is not null,
            nameof(MessageContext.SourceAddress) => context.SourceAddress is not null,
            MessageHeaders.ContentType => context.ContentType is not null,
            _ => false,
        };

    private static void Add(Confluent.Kafka.Headers headers, string name, Guid? id)
    {
        if (id is not { } value)
            return;
        var text = new byte[36];
        value.TryFormat(text, out _);
        headers.Add(name, text);
    }

    private static byte[] Text(ref KnownAddress? known, Uri address)
    {
        var kept = known;
        if (kept is null || !ReferenceEquals(kept.Address, address))
            known = kept = new KnownAddress(address, Encoding.UTF8.GetBytes(address.ToString()));
        return kept.Text;
    }

    private sealed record KnownAddress(Uri Address, byte[] Text);
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using MassTransit;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Transports;
using KafkaHeaders = Confluent.Kafka.Headers;

namespace Coupon.Consumers.Records;

/// <summary>
/// Headers as they came: a header is decoded only when it is asked for, and the bytes of all of them are kept for the one message that becomes a dead
/// letter.
/// </summary>
internal sealed class RawHeaders : IHeadersDeserializer
{
    private const string All = "coupon-raw-headers";

    public IHeaderProvider Deserialize(KafkaHeaders headers) => new Provider(headers);

    public static KafkaHeaders? Of(ConsumeContext context) =>
        context.ReceiveContext.TransportHeaders.TryGetHeader(All, out var value) ? value as KafkaHeaders : null;

    public static IReadOnlyList<MessageHeader> Copy(KafkaHeaders? headers) =>
        headers is null ? [] : [.. headers.Select(header => new MessageHeader(header.Key, header.GetValueBytes()))];

    private sealed class Provider(KafkaHeaders headers) : IHeaderProvider
    {
        public IEnumerable<KeyValuePair<string, object>> GetAll() =>
            headers
                .Where(header => header.GetValueBytes() is not null)
                .Select(header => new KeyValuePair<string, object>(header.Key, Encoding.UTF8.GetString(header.GetValueBytes())));

        public bool TryGetHeader(string key, [NotNullWhen(true)] out object? value)
        {
            value =
                key == All ? headers
                : headers.TryGetLastBytes(key, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes)
                : null;
            return value is not null;
        }
    }
}

using Confluent.Kafka;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>The headers of a message, and its timestamp under the name that MassTransit looks for.</summary>
internal sealed class KafkaHeaderProvider(Message<byte[], byte[]> message, IHeaderProvider headers) : IHeaderProvider
{
    public IEnumerable<KeyValuePair<string, object>> GetAll() => headers.GetAll();

    public bool TryGetHeader(string key, out object value)
    {
        if (!string.Equals(key, MessageHeaders.TransportSentTime, StringComparison.OrdinalIgnoreCase))
            return headers.TryGetHeader(key, out value!);
        value = message.Timestamp.UtcDateTime;
        return true;
    }
}

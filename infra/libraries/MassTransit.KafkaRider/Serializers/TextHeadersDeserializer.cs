using System.Text;
using Confluent.Kafka;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>Headers are read when they are asked for: most consumers never ask.</summary>
internal sealed class TextHeadersDeserializer : IHeadersDeserializer
{
    public IHeaderProvider Deserialize(Confluent.Kafka.Headers headers) => new Provider(headers);

    /// <summary>Names are compared without regard to case, as everywhere in MassTransit; of a name that repeats, the first counts.</summary>
    private sealed class Provider(Confluent.Kafka.Headers headers) : IHeaderProvider
    {
        public IEnumerable<KeyValuePair<string, object>> GetAll()
        {
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            foreach (var header in headers.BackingList)
            {
                if (seen.Add(header.Key))
                    yield return new KeyValuePair<string, object>(header.Key, Text(header)!);
            }
        }

        public bool TryGetHeader(string key, out object value)
        {
            var list = headers.BackingList;
            for (var i = 0; i < list.Count; i++)
            {
                if (!string.Equals(list[i].Key, key, StringComparison.OrdinalIgnoreCase))
                    continue;
                value = Text(list[i])!;
                return true;
            }

            value = null!;
            return false;
        }

        private static string? Text(IHeader header) => header.GetValueBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
    }
}

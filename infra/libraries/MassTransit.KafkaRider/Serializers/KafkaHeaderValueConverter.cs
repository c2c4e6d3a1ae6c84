using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>A header's value as text: simple values as they are written everywhere, anything else as JSON.</summary>
internal sealed class KafkaHeaderValueConverter : IHeaderValueConverter<Header>
{
    public bool TryConvert(HeaderValue headerValue, out HeaderValue<Header> result) => TryConvert(headerValue.Key, headerValue.Value, out result);

    public bool TryConvert<T>(HeaderValue<T> headerValue, out HeaderValue<Header> result) =>
        TryConvert(headerValue.Key, headerValue.Value, out result);

    private static bool TryConvert(string key, object? value, out HeaderValue<Header> result)
    {
        result = default;
        if (string.IsNullOrEmpty(key) || value is null)
            return false;
        var bytes = value switch
        {
            byte[] raw => raw,
            string text => Encoding.UTF8.GetBytes(text),
            DateTime time => Encoding.UTF8.GetBytes(time.ToString("O", CultureInfo.InvariantCulture)),
            DateTimeOffset time => Encoding.UTF8.GetBytes(time.ToString("O", CultureInfo.InvariantCulture)),
            Uri address => Encoding.UTF8.GetBytes(address.ToString()),
            bool flag => Encoding.UTF8.GetBytes(flag ? "true" : "false"),
            IFormattable simple when value.GetType().IsValueType => Encoding.UTF8.GetBytes(simple.ToString(null, CultureInfo.InvariantCulture)),
            _ => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), CompactJson.Options),
        };
        result = new HeaderValue<Header>(key, new Header(key, bytes));
        return true;
    }
}

using System.Globalization;
using System.Text;
using MassTransit;
using MassTransit.KafkaIntegration.Serializers;
using KafkaHeaders = Confluent.Kafka.Headers;

namespace Coupon.Api.Issuing.Sending;

/// <summary>
/// Writes the headers that were set, such as the trace, and none of those that MassTransit adds to every message: coupon and ordinal identify an
/// issuance already, and each header costs this process, the broker and the consumer more than the value of the message does.
/// </summary>
internal sealed class SetHeaders : IHeadersSerializer
{
    public KafkaHeaders Serialize(SendContext context)
    {
        var headers = new KafkaHeaders();
        foreach (var (name, value) in context.Headers.GetAll())
        {
            if (Convert.ToString(value, CultureInfo.InvariantCulture) is { } text)
                headers.Add(name, Encoding.UTF8.GetBytes(text));
        }

        return headers;
    }
}

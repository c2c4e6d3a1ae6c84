using System.Diagnostics;
using System.Globalization;

namespace Coupon.Tests.Monitoring;

/// <summary>One span as a collector gets it.</summary>
/// <param name="Service">The attributes of the process.</param>
/// <param name="TraceId">In hexadecimal digits.</param>
/// <param name="SpanId">In hexadecimal digits.</param>
/// <param name="ParentId">In hexadecimal digits; empty: it is the first of its trace.</param>
/// <param name="Name">The name.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Attributes">The attributes, as texts.</param>
/// <param name="Links">The spans that it is linked to, as trace and span.</param>
/// <param name="Texts">Every other text in it: of its events, and of its status.</param>
internal sealed record ReceivedSpan(
    IReadOnlyDictionary<string, string> Service,
    string TraceId,
    string SpanId,
    string ParentId,
    string Name,
    ActivityKind Kind,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<(string TraceId, string SpanId)> Links,
    IReadOnlyList<string> Texts
)
{
    /// <summary>
    /// The spans of one request to the collector. The numbers of the fields are those of trace.proto: https://opentelemetry.io/docs/specs/otlp/
    /// </summary>
    public static IEnumerable<ReceivedSpan> Read(ReadOnlyMemory<byte> request) =>
        from process in request.Messages(1)
        let service = Attributed(process.Messages(1).Single(), 1)
        from scope in process.Messages(2)
        from span in scope.Messages(2)
        select new ReceivedSpan(
            service,
            span.Hex(1),
            span.Hex(2),
            span.Hex(4),
            span.Text(5),
            // Numbered from 1, in the same order but for the first two.
            span.Number(6) switch
            {
                2 => ActivityKind.Server,
                3 => ActivityKind.Client,
                4 => ActivityKind.Producer,
                5 => ActivityKind.Consumer,
                _ => ActivityKind.Internal,
            },
            Attributed(span, 9),
            [.. span.Messages(13).Select(link => (link.Hex(1), link.Hex(2)))],
            [span.Text(3), .. span.Messages(15).Select(status => status.Text(2)), .. span.Messages(11).SelectMany(seen => Attributed(seen, 3).Values)]
        );

    private static Dictionary<string, string> Attributed(ReadOnlyMemory<byte> message, int field)
    {
        var attributes = new Dictionary<string, string>();
        foreach (var attribute in message.Messages(field))
            attributes[attribute.Text(1)] = ProtobufFields.Read(attribute.Messages(2).Single()).Select(Value).FirstOrDefault() ?? "";
        return attributes;
    }

    // A text is field 1, whatever else is a number here.
    private static string Value((int Field, ReadOnlyMemory<byte> Bytes, ulong Number) value) =>
        value.Field == 1 ? System.Text.Encoding.UTF8.GetString(value.Bytes.Span) : value.Number.ToString(CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace Coupon.Consumers.Records;

/// <summary>
/// The trace of a message, as its headers carry it: <c>traceparent</c> (https://www.w3.org/TR/trace-context/), and MassTransit's own.
/// </summary>
internal static class TraceHeaders
{
    private const string TraceParent = "traceparent";
    private static readonly string[] _names = [TraceParent, MassTransit.Logging.DiagnosticHeaders.ActivityId];

    /// <summary>The span in which a message was sent.</summary>
    /// <returns>Null: its headers name none.</returns>
    public static ActivityContext? Read(IEnumerable<MessageHeader> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (IsOne(name) && value is not null && ActivityContext.TryParse(Encoding.UTF8.GetString(value), null, isRemote: true, out var sent))
                return sent;
        }

        return null;
    }

    /// <summary>Puts the span in which it is sent in the place of the one that the headers have named.</summary>
    public static void Replace(Headers headers, Activity span)
    {
        foreach (var name in headers.Select(header => header.Key).Where(IsOne).Distinct().ToList())
            headers.Remove(name);
        foreach (var name in _names)
            headers.Add(name, Encoding.UTF8.GetBytes(span.Id!));
    }

    private static bool IsOne(string name) => _names.Contains(name, StringComparer.OrdinalIgnoreCase);
}

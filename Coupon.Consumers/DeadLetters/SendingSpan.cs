using System.Diagnostics;
using Confluent.Kafka;
using Coupon.Consumers.Records;
using Coupon.Consumers.Telemetry;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// The span of a message that is sent past the bus, by the conventions for messaging: https://opentelemetry.io/docs/specs/semconv/messaging/kafka/
/// </summary>
internal static class SendingSpan
{
    /// <summary>
    /// Begins the span of a dead letter, whose headers keep the span in which the message was sent at first: a replay goes on from there.
    /// </summary>
    /// <returns>Null: nobody listens.</returns>
    public static Activity? OfDeadLetter(string topic) => Describe(ConsumerTraces.Source.StartActivity(NameOf(topic), ActivityKind.Producer), topic);

    /// <summary>
    /// Begins the span of a replay, in the trace of the press, and names it in the headers. It is linked to what the operator does at the moment. A
    /// press that was not traced is not traced by its replay either: its message is repeated as it was.
    /// </summary>
    /// <param name="topic">Where to.</param>
    /// <param name="recorded">The headers of the dead letter.</param>
    /// <param name="sent">The headers of the message that is sent.</param>
    /// <returns>Null: nobody listens, or the press was not traced. The headers are as they were.</returns>
    public static Activity? OfReplay(string topic, IEnumerable<MessageHeader> recorded, Headers sent)
    {
        if (!ConsumerTraces.Source.HasListeners() || TraceHeaders.Read(recorded) is not { } press)
            return null;
        var links = Activity.Current is { } operation ? new ActivityLink[] { new(operation.Context) } : null;
        var span = ConsumerTraces.Source.StartActivity(NameOf(topic), ActivityKind.Producer, press, links: links);
        if (span is not null)
            TraceHeaders.Replace(sent, span);
        return Describe(span, topic);
    }

    /// <summary>The message was not acknowledged.</summary>
    public static void Failed(Activity? span, Exception exception)
    {
        span?.SetTag("error.type", exception.GetType().FullName);
        span?.SetStatus(ActivityStatusCode.Error, exception.Message);
    }

    private static string NameOf(string topic) => $"send {topic}";

    private static Activity? Describe(Activity? span, string topic)
    {
        span?.SetTag("messaging.system", "kafka");
        span?.SetTag("messaging.destination.name", topic);
        span?.SetTag("messaging.operation.name", "send");
        span?.SetTag("messaging.operation.type", "send");
        return span;
    }
}

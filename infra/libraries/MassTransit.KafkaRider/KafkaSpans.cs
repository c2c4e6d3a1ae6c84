using System.Diagnostics;
using MassTransit.Logging;

namespace MassTransit.KafkaIntegration;

/// <summary>
/// What the spans of this rider say beside what MassTransit says, by the conventions for messaging
/// (https://opentelemetry.io/docs/specs/semconv/messaging/kafka/), and how a message carries its trace: in MassTransit's own header, and in
/// <c>traceparent</c> (https://www.w3.org/TR/trace-context/), which consumers without MassTransit read.
/// </summary>
internal static class KafkaSpans
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";
    private const string Send = "send";
    private const string Process = "process";

    /// <summary>The name of the span in which messages of a topic are handled.</summary>
    public static string ProcessingName(string topic) => $"{Process} {topic}";

    /// <summary>Describes a span that MassTransit has started, and writes its trace into the message.</summary>
    public static void Sending(Activity activity, SendContext context, string topic)
    {
        activity.DisplayName = $"{Send} {topic}";
        Describe(activity, Send, topic);
        if (activity.IdFormat != ActivityIdFormat.W3C)
            return;
        context.Headers.Set(TraceParent, activity.Id);
        if (activity.TraceStateString is { Length: > 0 } state)
            context.Headers.Set(TraceState, state);
    }

    /// <summary>Describes the span of a batch.</summary>
    public static void Processing(Activity activity, string topic, string group, int messages)
    {
        Describe(activity, Process, topic);
        activity.SetTag("messaging.consumer.group.name", group);
        activity.SetTag("messaging.batch.message_count", messages);
    }

    /// <summary>The span in which a message was sent.</summary>
    /// <returns>Null: the message says none.</returns>
    public static ActivityContext? Origin(Headers headers) => Read(headers, DiagnosticHeaders.ActivityId) ?? Read(headers, TraceParent);

    private static ActivityContext? Read(Headers headers, string name) =>
        headers.Get<string>(name, null) is { } id
        && ActivityContext.TryParse(id, headers.Get<string>(TraceState, null), isRemote: true, out var origin)
            ? origin
            : null;

    private static void Describe(Activity activity, string operation, string topic)
    {
        activity.SetTag(DiagnosticHeaders.Messaging.System, KafkaTopicAddress.PathPrefix);
        activity.SetTag(DiagnosticHeaders.Messaging.DestinationName, topic);
        activity.SetTag("messaging.operation.name", operation);
        activity.SetTag("messaging.operation.type", operation);

        // The name of earlier conventions, which MassTransit uses.
        activity.SetTag(DiagnosticHeaders.Messaging.Operation, null);
    }
}

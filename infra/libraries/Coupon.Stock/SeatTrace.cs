using System.Diagnostics;

namespace Coupon.Stock;

/// <summary>
/// The trace of a press, as the text of its seat has it at the end: <c>traceId-spanId</c> in hexadecimal digits, so that a message that is sent
/// later, by whichever instance, belongs to the same trace. Only what is recorded is written: a seat without a trace is as short as before.
/// </summary>
public static class SeatTrace
{
    // 16 bytes, 8 bytes: https://www.w3.org/TR/trace-context/#traceparent-header-field-values
    private const int TraceIdLength = 32;
    private const int SpanIdLength = 16;

    /// <summary>The text of an activity; null: there is none, or it is not recorded.</summary>
    public static string? Of(Activity? activity) =>
        activity is { Recorded: true, IdFormat: ActivityIdFormat.W3C } ? $"{activity.TraceId.ToHexString()}-{activity.SpanId.ToHexString()}" : null;

    /// <summary>Reads the text.</summary>
    /// <returns>The context of the activity; null: the text is none.</returns>
    public static ActivityContext? Read(string? text) =>
        text?.Length == TraceIdLength + 1 + SpanIdLength
        && text[TraceIdLength] == '-'
        && ActivityContext.TryParse($"00-{text}-01", null, isRemote: true, out var context)
            ? context
            : null;
}

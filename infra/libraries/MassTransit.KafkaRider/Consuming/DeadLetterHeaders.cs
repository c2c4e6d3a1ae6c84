using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace MassTransit;

/// <summary>
/// The headers that a dead letter has beside those of its message, as UTF-8 text. The exception is under MassTransit's own names: <c>MT-Reason</c>,
/// <c>MT-Fault-ExceptionType</c>, <c>MT-Fault-Message</c>, <c>MT-Fault-StackTrace</c>.
/// </summary>
public static class DeadLetterHeaders
{
    /// <summary>The topic that the message came from.</summary>
    public const string Topic = "MT-Kafka-Topic";

    /// <summary>The partition that it came from.</summary>
    public const string Partition = "MT-Kafka-Partition";

    /// <summary>Its offset there.</summary>
    public const string Offset = "MT-Kafka-Offset";

    /// <summary>Its timestamp there, in milliseconds since 1970 (UTC).</summary>
    public const string Timestamp = "MT-Kafka-Timestamp";

    /// <summary>The consumer group that gave it up.</summary>
    public const string Group = "MT-Kafka-Group";

    /// <summary>How often it was tried.</summary>
    public const string Attempts = "MT-Kafka-Attempts";

    private const int LongestMessage = 1024;
    private const int LongestStackTrace = 4096;

    private static readonly HashSet<string> _own =
    [
        Topic,
        Partition,
        Offset,
        Timestamp,
        Group,
        Attempts,
        MessageHeaders.Reason,
        MessageHeaders.FaultExceptionType,
        MessageHeaders.FaultMessage,
        MessageHeaders.FaultStackTrace,
    ];

    /// <summary>The headers of a message and the dead letter's. A message that was replayed and is given up again has them once.</summary>
    internal static Confluent.Kafka.Headers Of(ConsumeResult<byte[], byte[]> result, string group, Exception cause, int attempts, bool withText)
    {
        var headers = new Confluent.Kafka.Headers();
        foreach (var header in result.Message.Headers ?? [])
        {
            if (!_own.Contains(header.Key))
                headers.Add(header.Key, header.GetValueBytes());
        }

        Add(headers, Topic, result.Topic);
        Add(headers, Partition, result.Partition.Value.ToString(CultureInfo.InvariantCulture));
        Add(headers, Offset, result.Offset.Value.ToString(CultureInfo.InvariantCulture));
        Add(headers, Timestamp, result.Message.Timestamp.UnixTimestampMs.ToString(CultureInfo.InvariantCulture));
        Add(headers, Group, group);
        Add(headers, Attempts, attempts.ToString(CultureInfo.InvariantCulture));
        Add(headers, MessageHeaders.Reason, "fault");
        Add(headers, MessageHeaders.FaultExceptionType, cause.GetType().FullName ?? cause.GetType().Name);
        if (!withText)
            return headers;
        Add(headers, MessageHeaders.FaultMessage, Bounded(cause.Message, LongestMessage));
        Add(headers, MessageHeaders.FaultStackTrace, Bounded(cause.ToString(), LongestStackTrace));
        return headers;
    }

    private static void Add(Confluent.Kafka.Headers headers, string name, string text) => headers.Add(name, Encoding.UTF8.GetBytes(text));

    private static string Bounded(string text, int length) => text.Length <= length ? text : text[..length];
}

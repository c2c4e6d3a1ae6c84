using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Coupon.Contracts;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Writes what a dead letter says of itself into headers beside the original ones, and reads it back.</summary>
internal static class DeadLetterHeadersCodec
{
    /// <summary>All of ours share it; an original header of that name came from an earlier failure and is replaced.</summary>
    private const string Prefix = "dead-letter-";

    public static Headers Write(DeadLetter letter)
    {
        var headers = new Headers();
        foreach (var (name, value) in Foreign(letter.Headers))
            headers.Add(name, value);
        Add(DeadLetterHeaders.OriginalTopic, letter.Topic);
        Add(DeadLetterHeaders.OriginalPartition, Text(letter.Partition));
        Add(DeadLetterHeaders.OriginalOffset, Text(letter.Offset));
        Add(DeadLetterHeaders.OriginalTimestamp, letter.Timestamp is { } timestamp ? Text(timestamp) : null);
        Add(DeadLetterHeaders.ConsumerGroup, letter.ConsumerGroup);
        Add(DeadLetterHeaders.Cause, letter.Cause);
        Add(DeadLetterHeaders.ExceptionType, letter.ExceptionType);
        Add(DeadLetterHeaders.ExceptionMessage, letter.ExceptionMessage);
        Add(DeadLetterHeaders.Attempts, Text(letter.Attempts));
        Add(DeadLetterHeaders.FirstFailedAt, Text(letter.FirstFailedAt));
        Add(DeadLetterHeaders.LastFailedAt, Text(letter.LastFailedAt));
        Add(DeadLetterHeaders.TraceId, letter.TraceId);
        Add(DeadLetterHeaders.ReplayCount, Text(letter.ReplayCount));
        Add(DeadLetterHeaders.LedgerId, letter.LedgerId > 0 ? Text(letter.LedgerId) : null);
        return headers;

        void Add(string name, string? value)
        {
            if (value is not null)
                headers.Add(name, Encoding.UTF8.GetBytes(value));
        }
    }

    /// <summary>Never throws: a dead letter that somebody else wrote, without our headers, is one from this very place in the dead-letter topic.</summary>
    public static DeadLetter Read(ConsumedRecord record)
    {
        var ours = new Dictionary<string, string>();
        foreach (var (name, value) in record.Headers)
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && value is not null)
                ours[name] = Encoding.UTF8.GetString(value);
        }
        var isOurs = Number(DeadLetterHeaders.OriginalPartition) is not null && Number(DeadLetterHeaders.OriginalOffset) is not null;
        var failedAt = Time(DeadLetterHeaders.LastFailedAt) ?? record.Timestamp ?? DateTimeOffset.UnixEpoch;
        return new DeadLetter
        {
            Topic = isOurs && Find(DeadLetterHeaders.OriginalTopic) is { } topic ? topic : record.Topic,
            Partition = isOurs ? (int)Number(DeadLetterHeaders.OriginalPartition)!.Value : record.Partition,
            Offset = isOurs ? Number(DeadLetterHeaders.OriginalOffset)!.Value : record.Offset,
            Place = new Origin(record.Topic, record.Partition, record.Offset),
            Timestamp = isOurs ? Time(DeadLetterHeaders.OriginalTimestamp) : record.Timestamp,
            Key = record.Key,
            Value = record.Value,
            Headers = [.. Foreign(record.Headers)],
            ConsumerGroup = Find(DeadLetterHeaders.ConsumerGroup) ?? "",
            Cause = Find(DeadLetterHeaders.Cause) ?? "unknown",
            ExceptionType = Find(DeadLetterHeaders.ExceptionType),
            ExceptionMessage = Find(DeadLetterHeaders.ExceptionMessage),
            Attempts = (int)(Number(DeadLetterHeaders.Attempts) ?? 0),
            FirstFailedAt = Time(DeadLetterHeaders.FirstFailedAt) ?? failedAt,
            LastFailedAt = failedAt,
            TraceId = Find(DeadLetterHeaders.TraceId),
            ReplayCount = (int)(Number(DeadLetterHeaders.ReplayCount) ?? 0),
            LedgerId = Number(DeadLetterHeaders.LedgerId) ?? 0,
        };

        string? Find(string name) => ours.GetValueOrDefault(name);
        long? Number(string name) => long.TryParse(Find(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        DateTimeOffset? Time(string name) =>
            UniversalTimes.TryParse(Find(name), out var time) ? time : null;
    }

    public static IEnumerable<MessageHeader> Foreign(IEnumerable<MessageHeader> headers) =>
        headers.Where(header => !header.Name.StartsWith(Prefix, StringComparison.Ordinal));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}

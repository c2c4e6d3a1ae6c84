using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Coupon.Consumers.Records;
using Coupon.Contracts;
using Coupon.Database;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Writes the origin and the cause of a dead letter into headers beside the original ones, and reads them back.</summary>
internal static class DeadLetterHeadersCodec
{
    /// <summary>The cause of a message in the topic of dead letters that names none.</summary>
    public const string UnnamedCause = "unknown";

    /// <summary>The prefix of all headers written here. An original header with it came from an earlier failure, and is replaced.</summary>
    private const string Prefix = "dead-letter-";

    /// <summary>The most attempts and replays that a header may claim: their sums must fit the columns of the ledger.</summary>
    private const int MaxCount = 1_000_000;

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
        Add(DeadLetterHeaders.FailedIn, letter.FailedIn);
        Add(DeadLetterHeaders.Attempts, Text(letter.Attempts));
        Add(DeadLetterHeaders.FirstFailedAt, Text(letter.FirstFailedAt));
        Add(DeadLetterHeaders.LastFailedAt, Text(letter.LastFailedAt));
        Add(DeadLetterHeaders.TraceId, letter.TraceId);
        Add(DeadLetterHeaders.ReplayCount, Text(letter.ReplayCount));
        Add(DeadLetterHeaders.LedgerId, letter.LedgerId > 0 ? Text(letter.LedgerId) : null);
        Add(DeadLetterHeaders.LedgerOrigin, letter.LedgerOrigin);
        return headers;

        void Add(string name, string? value)
        {
            if (value is not null)
                headers.Add(name, Encoding.UTF8.GetBytes(value));
        }
    }

    /// <summary>
    /// Never throws: a dead letter without our headers, from another writer, gets its place in the dead-letter topic as its origin.
    /// </summary>
    public static DeadLetter Read(ConsumedRecord record)
    {
        var ours = new Dictionary<string, string>();
        foreach (var (name, value) in record.Headers)
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && value is not null)
                ours[name] = Encoding.UTF8.GetString(value);
        }
        // Any writer to the topic can set these headers: values that no record can have are ignored, since they would not fit the ledger.
        var isOurs =
            Number(DeadLetterHeaders.OriginalPartition) is <= int.MaxValue
            && Number(DeadLetterHeaders.OriginalOffset) is not null
            && Find(DeadLetterHeaders.OriginalTopic) is null or { Length: > 0 and <= DeadLetterRow.MaxTopicLength };
        var failedAt = Time(DeadLetterHeaders.LastFailedAt) ?? Storable(record.Timestamp) ?? DateTimeOffset.UnixEpoch;
        return new DeadLetter
        {
            Topic = isOurs && Find(DeadLetterHeaders.OriginalTopic) is { } topic ? topic : record.Topic,
            Partition = isOurs ? (int)Number(DeadLetterHeaders.OriginalPartition)!.Value : record.Partition,
            Offset = isOurs ? Number(DeadLetterHeaders.OriginalOffset)!.Value : record.Offset,
            Place = new Origin(record.Topic, record.Partition, record.Offset),
            Timestamp = isOurs ? Time(DeadLetterHeaders.OriginalTimestamp) : Storable(record.Timestamp),
            Key = record.Key,
            Value = record.Value,
            Headers = [.. Foreign(record.Headers)],
            ConsumerGroup = Find(DeadLetterHeaders.ConsumerGroup) ?? "",
            Cause = Find(DeadLetterHeaders.Cause) ?? UnnamedCause,
            ExceptionType = Find(DeadLetterHeaders.ExceptionType),
            ExceptionMessage = Find(DeadLetterHeaders.ExceptionMessage),
            FailedIn = Find(DeadLetterHeaders.FailedIn),
            Attempts = Count(DeadLetterHeaders.Attempts),
            FirstFailedAt = Time(DeadLetterHeaders.FirstFailedAt) ?? failedAt,
            LastFailedAt = failedAt,
            TraceId = Find(DeadLetterHeaders.TraceId),
            ReplayCount = Count(DeadLetterHeaders.ReplayCount),
            LedgerId = Number(DeadLetterHeaders.LedgerId) ?? 0,
            LedgerOrigin = Find(DeadLetterHeaders.LedgerOrigin),
        };

        string? Find(string name) => ours.GetValueOrDefault(name);
        long? Number(string name) => long.TryParse(Find(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        int Count(string name) => (int)Math.Min(Number(name) ?? 0, MaxCount);
        DateTimeOffset? Time(string name) => UniversalTimes.TryParse(Find(name), out var time) ? Storable(time) : null;
    }

    public static IEnumerable<MessageHeader> Foreign(IEnumerable<MessageHeader> headers) =>
        headers.Where(header => !header.Name.StartsWith(Prefix, StringComparison.Ordinal));

    // A datetime of MySQL ends with the year 9999, and rounding could pass that (https://dev.mysql.com/doc/refman/8.4/en/datetime.html).
    private static DateTimeOffset? Storable(DateTimeOffset? time) => time is { Year: >= 1970 and < 9999 } ? time : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}

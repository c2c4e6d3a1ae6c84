using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;

namespace Coupon.Api.Messaging;

/// <summary>
/// Section <c>Producer</c>: how messages are gathered and sent. Not to be chosen: acks=all and idempotence, without which "accepted is never lost"
/// would not hold.
/// </summary>
public sealed class ProducerOptions
{
    /// <summary>
    /// How long a message waits for others to share its request. Default 1 ms: since all of them go to one partition at a time, a request is cheap,
    /// and under load
    /// the requests under way gather the next one anyway. Longer makes every answer later and saves nothing (docs/performance.md).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The largest request, in bytes. Default 1,000,000.</summary>
    [Range(1_000, 100_000_000)]
    public int BatchSize { get; set; } = 1_000_000;

    /// <summary>How messages are compressed. Default lz4.</summary>
    [EnumDataType(typeof(CompressionType))]
    public CompressionType Compression { get; set; } = CompressionType.Lz4;

    /// <summary>
    /// When an unacknowledged message is given up by the client. Default 8 s: short, because the outbox holds it and the relay sends it again; below
    /// <c>Issuing:RelayLease</c>, so that a lease never ends while its message is still being tried.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How many messages may wait in the client; past it, messages stay in the outbox only. Default 50,000.</summary>
    [Range(100, 10_000_000)]
    public int QueueMessages { get; set; } = 50_000;

    /// <summary>How much may wait in the client, in KiB. Default 32,768.</summary>
    [Range(1_024, 2_097_151)]
    public int QueueKibibytes { get; set; } = 32_768;

    internal ProducerConfig ToConfig() =>
        new()
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = Linger.TotalMilliseconds,
            BatchSize = BatchSize,
            CompressionType = Compression,
            MessageTimeoutMs = (int)MessageTimeout.TotalMilliseconds,
            QueueBufferingMaxMessages = QueueMessages,
            QueueBufferingMaxKbytes = QueueKibibytes,
        };
}

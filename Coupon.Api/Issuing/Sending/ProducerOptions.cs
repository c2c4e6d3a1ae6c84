using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;
using Coupon.Hosting.Configuration;

namespace Coupon.Api.Issuing.Sending;

/// <summary>
/// Section <c>Producer</c>: how messages are gathered and sent. acks=all and idempotence are fixed: without them an accepted issuance could be lost.
/// </summary>
public sealed class ProducerOptions
{
    /// <summary>
    /// How long a message waits for others to share its request. Default 1 ms: all messages go to one partition at a time, so a request is cheap, and
    /// under load the requests in flight gather the next one anyway. A longer linger delays every answer and saves nothing (docs/performance.md).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The largest request, in bytes. Default 1,000,000.</summary>
    [Range(1_000, 100_000_000)]
    [Unit("bytes")]
    public int BatchSize { get; set; } = 1_000_000;

    /// <summary>How messages are compressed. Default lz4.</summary>
    [EnumDataType(typeof(CompressionType))]
    public CompressionType Compression { get; set; } = CompressionType.Lz4;

    /// <summary>
    /// When the client gives up a message without an acknowledgement. Default 8 s: short, because the outbox holds it and a relay sends it again; at
    /// most <see cref="IssuingOptions.RelayLease"/>, so that no lease ends while its message is still being tried; and at most the time after which
    /// a verification gives up an instance that is cut off (<c>Stock:LeaseTime</c> + <c>Stock:ReplicaLag</c> + 2 s, 10 s by default), so that
    /// nothing of it is still under way then.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How many messages may wait in the client; further ones stay in the outbox only. Default 50,000.</summary>
    [Range(100, 10_000_000)]
    [Unit("messages")]
    public int QueueMessages { get; set; } = 50_000;

    /// <summary>How much may wait in the client, in KiB. Default 32,768.</summary>
    [Range(1_024, 2_097_151)]
    [Unit("KiB")]
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

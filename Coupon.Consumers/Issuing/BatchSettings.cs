using System.ComponentModel.DataAnnotations;
using Coupon.Hosting.Configuration;
using MassTransit;

namespace Coupon.Consumers.Issuing;

/// <summary>Section <c>Batch</c>: the size of a batch, which is one transaction, and the wait for it.</summary>
internal sealed class BatchSettings
{
    /// <summary>Messages in a batch at most. 1 to 10,000, default 4,000.</summary>
    [Range(1, 10_000)]
    [Unit("messages")]
    public int MessageLimit { get; set; } = 4000;

    /// <summary>How long a batch waits for more messages: the latency of light traffic. 1 ms to 10 s, default 50 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Batches that are processed at the same time: while MySQL inserts one, the statements of the next are built. 1 to 16, default 2.
    /// </summary>
    [Range(1, 16)]
    public int Concurrency { get; set; } = 2;

    /// <summary>
    /// How long the broker holds a fetch until it has <see cref="FetchBytes"/> (<c>fetch.wait.max.ms</c>); otherwise it would answer after each
    /// produce request. 1 ms to 5 s, default 50 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:05")]
    public TimeSpan FetchWait { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The compressed bytes with which the broker answers a fetch at once (<c>fetch.min.bytes</c>); 1: with any message. 1 to 50,000,000, default
    /// 262,144: some thousand messages.
    /// </summary>
    [Range(1, 50_000_000)]
    [Unit("bytes")]
    public int FetchBytes { get; set; } = 262_144;

    internal void ConfigureFetch(IKafkaFetchConfigurator fetch) => (fetch.WaitMaxInterval, fetch.MinBytes) = (FetchWait, FetchBytes);
}

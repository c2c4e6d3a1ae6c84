using System.ComponentModel.DataAnnotations;
using MassTransit;

namespace Coupon.Consumers.Issuing;

/// <summary>How large a transaction may become and how long it may be waited for. Section <c>Batch</c>.</summary>
internal sealed class BatchSettings
{
    /// <summary>Messages in a batch at most: one transaction each. 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MessageLimit { get; set; } = 4000;

    /// <summary>How long the first message of a batch waits for company: what light traffic pays at most. 1 ms to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Batches that are in work at the same time: while MySQL inserts one, the next is read and put into words. 1 to 16. Default 2.
    /// </summary>
    [Range(1, 16)]
    public int Concurrency { get; set; } = 2;

    /// <summary>
    /// How long the broker keeps a fetch open until there is <see cref="FetchBytes"/> to answer it with: without it, it would answer once for each
    /// request of
    /// each producer. 1 ms to 5 s. Default 50 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:05")]
    public TimeSpan FetchWait { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// What a fetch is answered with at once, in bytes as compressed; 1: whatever there is. 1 to 50,000,000. Default 262,144: some thousand messages.
    /// </summary>
    [Range(1, 50_000_000)]
    public int FetchBytes { get; set; } = 262_144;

    internal void Gather(IKafkaFetchConfigurator fetch) => (fetch.WaitMaxInterval, fetch.MinBytes) = (FetchWait, FetchBytes);
}

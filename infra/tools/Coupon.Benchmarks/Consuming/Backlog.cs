using System.Text.Json;
using Confluent.Kafka;
using Coupon.Benchmarks.Baselines;
using Coupon.Contracts;

namespace Coupon.Benchmarks.Consuming;

/// <summary>Fills a topic with issuances as the API sends them: without a key, the contract as JSON, lz4.</summary>
internal static class Backlog
{
    public static async Task ProduceAsync(
        string bootstrapServers,
        string topic,
        IReadOnlyList<CouponIssued> issuances,
        CancellationToken cancellationToken
    )
    {
        using var producer = new ProducerBuilder<Null, byte[]>(
            new ProducerConfig
            {
                BootstrapServers = bootstrapServers,
                LingerMs = 1,
                CompressionType = CompressionType.Lz4,
                EnableIdempotence = true,
                QueueBufferingMaxMessages = issuances.Count + 1,
            }
        ).Build();
        var failures = 0;
        await Task.Run(
            () =>
            {
                foreach (var issued in issuances)
                {
                    var value = JsonSerializer.SerializeToUtf8Bytes(issued, WireJson.Default.CouponIssued);
                    producer.Produce(topic, new Message<Null, byte[]> { Value = value }, report =>
                    {
                        if (report.Error.IsError)
                            Interlocked.Increment(ref failures);
                    });
                }

                producer.Flush(TimeSpan.FromMinutes(1));
            },
            cancellationToken
        );
        if (failures > 0)
            throw new InvalidOperationException($"{failures} of {issuances.Count} messages were not acknowledged.");
    }

    /// <summary>So many issuances of some coupons in turn, each to another user.</summary>
    public static CouponIssued[] Issuances(IReadOnlyList<long> couponIds, int count)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(index => new CouponIssued(couponIds[index % couponIds.Count], (index / couponIds.Count) + 1, 7_000_000 + index, now)),
        ];
    }
}

using Confluent.Kafka;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Api.WarmingUp;

internal static class TopicSize
{
    /// <summary>How many messages the topic of issuances holds.</summary>
    public static Task<long> OfAsync(ServiceSettings service, int partitions = 4) =>
        Task.Run(() =>
        {
            using var consumer = new ConsumerBuilder<Ignore, Ignore>(
                new ConsumerConfig { BootstrapServers = service.Kafka.ConnectionString, GroupId = "size" }
            ).Build();
            return Enumerable
                .Range(0, partitions)
                .Sum(partition =>
                    consumer.QueryWatermarkOffsets(new TopicPartition(service.CouponIssuedTopic, partition), TimeSpan.FromSeconds(10)).High.Value
                );
        });
}

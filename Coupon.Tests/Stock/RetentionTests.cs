using Confluent.Kafka;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Stock;

/// <summary>A broker that deleted what consumers had not read.</summary>
public sealed class RetentionTests(TestServers servers)
{
    [Fact]
    public async Task Messages_that_are_gone_unread_are_said_and_once_the_group_has_gone_on_they_are_named()
    {
        Assert.SkipWhen((await servers.KafkaAsync()).IsLossy, "The mock cluster deletes nothing that it is told to.");
        await using var books = await Books.OpenAsync(servers, total: 100);
        await books.SellInRedisAsync(5);
        await books.ProduceAsync(1, 2, 3, 4, 5);
        await books.PersistAsync(1, 2);
        await books.RemoveFromOutboxAsync(1, 2, 3, 4, 5);
        var partitions = Partitions(books);
        Commit(books, partitions.ToDictionary(partition => partition.Key, _ => 0L));

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = books.Settings.Kafka.ConnectionString }).Build();
        await admin.DeleteRecordsAsync(partitions.Select(partition => new TopicPartitionOffset(partition.Key, partition.Value)));

        var exception = await Assert.ThrowsAsync<KafkaException>(books.BalanceAsync);
        Assert.Contains("messages are gone unread", exception.Message, StringComparison.Ordinal);
        Commit(books, partitions);
        Assert.Equal([3, 4, 5], (await books.BalanceAsync()).Missing);
    }

    private static Dictionary<TopicPartition, long> Partitions(Books books)
    {
        using var consumer = Consumer(books);
        return Enumerable.Range(0, 4).Select(number => new TopicPartition(books.Settings.CouponIssuedTopic, number))
            .ToDictionary(partition => partition, partition => consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(20)).High.Value);
    }

    // As kafka-consumer-groups --reset-offsets does where the group has no members.
    private static void Commit(Books books, Dictionary<TopicPartition, long> offsets)
    {
        using var consumer = Consumer(books);
        consumer.Commit(offsets.Select(partition => new TopicPartitionOffset(partition.Key, partition.Value)));
    }

    private static IConsumer<byte[], byte[]> Consumer(Books books) => new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
    {
        BootstrapServers = books.Settings.Kafka.ConnectionString,
        GroupId = books.Settings.PersistenceGroup,
        EnableAutoCommit = false,
    }).SetLogHandler((_, _) => { }).Build();
}

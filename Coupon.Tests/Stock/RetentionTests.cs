using Confluent.Kafka;
using Coupon.Tests.KafkaRider;
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
        var (kafka, topic, group) = (books.Settings.Kafka, books.Settings.CouponIssuedTopic, books.Settings.PersistenceGroup);
        var ends = RawKafka.Ends(kafka, topic, 4);
        RawKafka.Commit(kafka, topic, group, new long[ends.Length]);

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.ConnectionString }).Build();
        await admin.DeleteRecordsAsync(ends.Select((end, partition) => new TopicPartitionOffset(topic, partition, end)));

        var exception = await Assert.ThrowsAsync<KafkaException>(books.BalanceAsync);
        Assert.Contains("messages are gone unread", exception.Message, StringComparison.Ordinal);
        // As kafka-consumer-groups --reset-offsets does where the group has no members.
        RawKafka.Commit(kafka, topic, group, ends);
        Assert.Equal([3, 4, 5], (await books.BalanceAsync()).Missing);
    }
}

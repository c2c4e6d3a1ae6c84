using Confluent.Kafka;
using Coupon.LocalServers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.LocalServers;

public sealed class KafkaServerTests(TestServers servers)
{
    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_topic_has_the_partitions_it_was_created_with_and_keeps_what_is_produced()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("partitions", 3);
        await ProduceAsync(kafka, new TopicPartition(topic, 2), "hello");

        Assert.Equal("hello", Read(kafka, new TopicPartition(topic, 2)));
        Assert.Equal(3, Partitions(kafka, topic));
    }

    [Fact]
    public async Task Creating_a_topic_twice_changes_nothing()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("twice", 3);
        await ProduceAsync(kafka, new TopicPartition(topic, 2), "kept");

        await kafka.CreateTopicAsync(topic, 3, _cancellation);

        Assert.Equal(3, Partitions(kafka, topic));
        Assert.Equal("kept", Read(kafka, new TopicPartition(topic, 2)));
    }

    [Fact]
    public async Task The_mock_cluster_serves_again_after_its_broker_was_down()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        await kafka.CreateTopicAsync("seats", 1, _cancellation);

        await kafka.SetBrokerDownAsync();
        await Assert.ThrowsAsync<ProduceException<Null, string>>(() =>
            ProduceAsync(kafka, new TopicPartition("seats", 0), "lost", timeoutMilliseconds: 500)
        );
        await kafka.SetBrokerUpAsync();
        await ProduceAsync(kafka, new TopicPartition("seats", 0), "kept");

        Assert.Equal("kept", Read(kafka, new TopicPartition("seats", 0)));
    }

    [Fact]
    public async Task A_real_Kafka_keeps_what_it_acknowledged_over_kill_minus_nine()
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "KAFKA_HOME names no Kafka installation.");
        await using var kafka = await LocalKafka.StartAsync(cancellationToken: _cancellation);
        await kafka.CreateTopicAsync("seats", 1, _cancellation);
        await ProduceAsync(kafka, new TopicPartition("seats", 0), "hello");

        await kafka.KillAsync();
        await kafka.StartAgainAsync(_cancellation);

        Assert.Equal("hello", Read(kafka, new TopicPartition("seats", 0)));
    }

    private static int Partitions(IRunningServer kafka, string topic)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.ConnectionString }).Build();
        return admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single().Partitions.Count;
    }

    private static async Task ProduceAsync(IRunningServer kafka, TopicPartition to, string value, int timeoutMilliseconds = 30_000)
    {
        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = kafka.ConnectionString, MessageTimeoutMs = timeoutMilliseconds }
        )
            .SetLogHandler((_, _) => { })
            .Build();
        await producer.ProduceAsync(to, new Message<Null, string> { Value = value }, _cancellation);
    }

    private static string? Read(IRunningServer kafka, TopicPartition from)
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig { BootstrapServers = kafka.ConnectionString, GroupId = "reader" })
            .SetLogHandler((_, _) => { })
            .Build();
        consumer.Assign(new TopicPartitionOffset(from, Offset.Beginning));
        return consumer.Consume(TimeSpan.FromSeconds(30))?.Message.Value;
    }
}

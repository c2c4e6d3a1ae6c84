using System.Collections.Concurrent;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>A topic that begins with ^ is a regular expression: every matching topic is consumed, each with offsets of its own.</summary>
public sealed class TopicPatternTests(TestServers servers)
{
    private readonly SeatLog _log = new();
    private readonly ConcurrentQueue<(string Topic, int Partition, long Offset, int Number)> _seen = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_of_all_matching_topics_are_told_as_of_their_own_and_none_is_lost_or_repeated_over_a_restart(bool inBatches)
    {
        var kafka = await servers.KafkaAsync();
        var prefix = UniqueName.From("pattern");
        string[] topics = [$"{prefix}-a", $"{prefix}-b"];
        foreach (var topic in topics)
            await kafka.CreateTopicAsync(topic, 2, TestContext.Current.CancellationToken);
        await kafka.CreateTopicAsync($"other-{prefix}", 1, TestContext.Current.CancellationToken);
        var endpoint = new SeatEndpoint($"^{prefix}-.*", _log)
        {
            Group = $"{prefix}-group",
            OnMessage = context => Note(context),
            OnBatch = context => Task.WhenAll(context.Message.Select(Note)),
        };
        RiderBus Bus() => inBatches ? endpoint.Batches(kafka) : endpoint.Messages(kafka);
        await RawKafka.ProduceSeatsAsync(kafka, topics[0], 1, 300);
        await RawKafka.ProduceSeatsAsync(kafka, topics[1], 301, 1000);
        await RawKafka.ProduceSeatsAsync(kafka, $"other-{prefix}", 5000, 5000);
        await using (await Bus().StartAsync())
        {
            await _log.AllAsync(1000);
        }

        foreach (var topic in topics)
            Assert.Equal(RawKafka.Ends(kafka, topic, 2), RawKafka.Committed(kafka, topic, endpoint.Group, 2));
        await RawKafka.ProduceSeatsAsync(kafka, topics[1], 1001, 1500);
        await RawKafka.ProduceSeatsAsync(kafka, topics[0], 1501, 2500);
        await using (await Bus().StartAsync())
        {
            await _log.AllAsync(2500);
        }

        Assert.Equal(2500, _log.Handled.Count);
        Assert.All(_seen, seen => Assert.Equal(seen.Number is <= 300 or > 1500 ? topics[0] : topics[1], seen.Topic));
        Assert.Equal(2500, _seen.Select(seen => (seen.Topic, seen.Partition, seen.Offset)).Distinct().Count());
    }

    [Fact]
    public async Task A_message_that_cannot_get_on_holds_up_its_own_partition_alone_and_not_the_same_number_of_another_topic()
    {
        var kafka = await servers.KafkaAsync();
        var prefix = UniqueName.From("pattern-failing");
        string[] topics = [$"{prefix}-a", $"{prefix}-b"];
        foreach (var topic in topics)
            await kafka.CreateTopicAsync(topic, 1, TestContext.Current.CancellationToken);
        await RawKafka.ProduceSeatsAsync(kafka, topics[0], 1, 10);
        await RawKafka.ProduceSeatsAsync(kafka, topics[1], 11, 1000);
        await using (
            await new SeatEndpoint($"^{prefix}-.*", _log)
            {
                Group = $"{prefix}-group",
                Configure = endpoint => endpoint.ConcurrentMessageLimit = 2,
                OnMessage = context => context.Message.Number == 1 ? throw new InvalidOperationException("never") : Task.CompletedTask,
            }
                .Messages(kafka)
                .StartAsync()
        )
        {
            await Eventually.IsTrueAsync(() => _log.Distinct.Count == 990);
        }

        Assert.Equal(0, RawKafka.Committed(kafka, topics[0], $"{prefix}-group", 1)[0]);
        Assert.Equal(990, RawKafka.Committed(kafka, topics[1], $"{prefix}-group", 1)[0]);
    }

    [Fact]
    public async Task A_topic_that_is_created_later_is_consumed_too()
    {
        var kafka = await servers.KafkaAsync();
        var prefix = UniqueName.From("pattern-later");
        await kafka.CreateTopicAsync($"{prefix}-a", 1, TestContext.Current.CancellationToken);
        await RawKafka.ProduceSeatsAsync(kafka, $"{prefix}-a", 1, 1);
        await using var bus = await new SeatEndpoint($"^{prefix}-.*", _log)
        {
            Group = $"{prefix}-group",
            ConfigureCluster = cluster => cluster.TopicMetadataRefreshInterval = TimeSpan.FromSeconds(1),
        }
            .Messages(kafka)
            .StartAsync();
        await _log.AllAsync(1);

        await kafka.CreateTopicAsync($"{prefix}-b", 1, TestContext.Current.CancellationToken);
        await RawKafka.ProduceSeatsAsync(kafka, $"{prefix}-b", 2, 2);

        await _log.AllAsync(2);
    }

    private Task Note(ConsumeContext<Seat> context)
    {
        var kafka = context.GetPayload<KafkaConsumeContext>();
        Assert.Equal(new Uri($"loopback://localhost/kafka/{kafka.Topic}"), context.DestinationAddress);
        _seen.Enqueue((kafka.Topic, kafka.Partition, kafka.Offset, context.Message.Number));
        return Task.CompletedTask;
    }
}

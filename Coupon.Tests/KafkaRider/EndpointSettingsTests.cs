using System.Net.Mime;
using Confluent.Kafka;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>What cannot work is said when the bus is configured, not by an endpoint that fails again and again.</summary>
public sealed class EndpointSettingsTests
{
    private static readonly Dictionary<string, Action<IKafkaTopicReceiveEndpointConfigurator<long, Seat>>> _wrong = new()
    {
        ["PrefetchCount"] = endpoint => endpoint.PrefetchCount = 0,
        ["CheckpointMessageCount"] = endpoint => endpoint.CheckpointMessageCount = 0,
        ["CheckpointInterval"] = endpoint => endpoint.CheckpointInterval = TimeSpan.FromMicroseconds(999),
        ["CheckpointInterval "] = endpoint => endpoint.CheckpointInterval = TimeSpan.FromHours(25),
        ["MessageLimit"] = endpoint => endpoint.MessageLimit = 0,
        ["session.timeout.ms"] = endpoint => endpoint.SessionTimeout = TimeSpan.FromDays(1),
        ["max.poll.interval.ms"] = endpoint => endpoint.MaxPollInterval = TimeSpan.FromSeconds(1),
        ["EnableAutoOffsetStore"] = endpoint => endpoint.EnableAutoOffsetStore = true,
        ["EnablePartitionEof"] = endpoint => endpoint.EnablePartitionEof = true,
        ["DefaultContentType"] = endpoint => endpoint.DefaultContentType = new ContentType("application/json"),
        ["SerializerContentType"] = endpoint => endpoint.SerializerContentType = new ContentType("application/json"),
        ["AddSerializer"] = endpoint => endpoint.UseJsonSerializer(),
        ["AddDeserializer"] = endpoint => endpoint.UseRawJsonDeserializer(),
        ["ClearSerialization"] = endpoint => endpoint.ClearSerialization(),
        ["ConfigureSend"] = endpoint => endpoint.ConfigureSend(send => send.UseExecute(_ => { })),
        ["ConfigurePublish"] = endpoint => endpoint.ConfigurePublish(publish => publish.UseExecute(_ => { })),
        ["AutoStart"] = endpoint => endpoint.AutoStart = false,
        ["PublishFaults"] = endpoint => endpoint.PublishFaults = true,
        ["GiveUpAfter"] = endpoint =>
        {
            endpoint.GiveUpAfter(3);
            endpoint.DiscardFaultedMessages();
        },
        ["GiveUpAfter "] = endpoint => endpoint.GiveUpAfter(3, letters => letters.Topic = "seats"),
        ["Producer.TransactionalId"] = endpoint => endpoint.GiveUpAfter(3, letters => letters.Producer.TransactionalId = "letters"),
        ["Producer.EnableBackgroundPoll"] = endpoint => endpoint.GiveUpAfter(3, letters => letters.Producer.EnableDeliveryReports = false),
    };

    public static TheoryData<string> Wrong => [.. _wrong.Keys];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_setting_that_cannot_work_is_refused_by_name(string name)
    {
        var refused = Assert.Throws<ConfigurationException>(() =>
            new SeatEndpoint("seats", new SeatLog()) { Configure = _wrong[name] }.Messages(new GivenBroker("localhost:1"))
        );

        Assert.Contains(name.Trim(), refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enable.auto.commit", "true", "EnableAutoCommit")]
    [InlineData("auto.commit.interval.ms", "1000", "AutoCommitIntervalMs")]
    [InlineData("enable.auto.offset.store", "true", "EnableAutoOffsetStore")]
    public void A_client_setting_that_the_rider_decides_is_refused_by_name(string property, string value, string name)
    {
        var settings = new ConsumerConfig { GroupId = "seats" };
        settings.Set(property, value);

        var refused = Assert.Throws<ConfigurationException>(() =>
            RiderBus.Create(new GivenBroker("localhost:1"), configure: (_, cluster) =>
                cluster.TopicEndpoint<Seat>("seats", settings, endpoint => endpoint.Handler<Seat>(_ => Task.CompletedTask))
            )
        );

        Assert.Contains(name, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_names_no_topic_that_could_be_created()
    {
        var refused = Assert.Throws<ConfigurationException>(() =>
            new SeatEndpoint("^seats", new SeatLog()) { Configure = endpoint => endpoint.CreateIfMissing() }.Messages(new GivenBroker("localhost:1"))
        );

        Assert.Contains("CreateIfMissing", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("seats-dead")]
    public void A_pattern_may_not_match_where_its_own_dead_letters_go(string? letters)
    {
        var refused = Assert.Throws<ConfigurationException>(() =>
            new SeatEndpoint("^seats-.*", new SeatLog())
            {
                Configure = endpoint => endpoint.GiveUpAfter(3, options => options.Topic = letters),
            }.Messages(new GivenBroker("localhost:1"))
        );

        Assert.Contains("GiveUpAfter", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Filters of the endpoint")]
    [InlineData("ConfigureError")]
    public void What_an_endpoint_does_for_single_messages_alone_is_refused_for_batch_consumers(string name)
    {
        var refused = Assert.Throws<ConfigurationException>(() =>
            new SeatEndpoint("seats", new SeatLog())
            {
                Configure = endpoint =>
                {
                    if (name == "ConfigureError")
                        endpoint.ConfigureError(error => error.UseExecute(_ => { }));
                    else
                        endpoint.UseExecute(_ => { });
                },
            }.Batches(new GivenBroker("localhost:1"))
        );

        Assert.Contains(name, refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EnableBackgroundPoll")]
    [InlineData("TransactionalId")]
    [InlineData("TransactionTimeout")]
    public void A_producer_that_nobody_learns_the_deliveries_of_or_that_needs_transactions_is_refused_by_name(string name)
    {
        void Configure(IKafkaProducerConfigurator<long, Seat> producer)
        {
            producer.EnableBackgroundPoll = name == "EnableBackgroundPoll" ? false : null;
            producer.TransactionalId = name == "TransactionalId" ? "seats" : null;
            producer.TransactionTimeout = name == "TransactionTimeout" ? TimeSpan.FromSeconds(30) : null;
        }

        var refused = Assert.Throws<ConfigurationException>(() =>
            RiderBus.Create(new GivenBroker("localhost:1"), rider => rider.AddProducer<long, Seat>("seats", (_, producer) => Configure(producer)))
        );

        Assert.Contains(name, refused.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Members that every endpoint of MassTransit has, and values that are the default, are not refused.</summary>
    [Fact]
    public void What_changes_nothing_because_it_is_so_anyway_is_not_refused() =>
        new SeatEndpoint("seats", new SeatLog())
        {
            Configure = endpoint =>
            {
                endpoint.AutoStart = true;
                endpoint.EnablePartitionEof = false;
                endpoint.EnableAutoOffsetStore = false;
                endpoint.ConfigureConsumeTopology = false;
                endpoint.ConfigureMessageTopology<Seat>(false);
                endpoint.ConfigureTransport(transport => transport.PrefetchCount = 10);
                endpoint.ConfigureDeadLetter(_ => { });
            },
        }.Messages(new GivenBroker("localhost:1"));

    [Fact]
    public void The_configurator_tells_the_client_settings_of_a_rider_with_those_of_one_client_over_them()
    {
        IKafkaHostConfiguration? rider = null;
        RiderBus.Create(new GivenBroker("localhost:1"), configure: (_, cluster) =>
        {
            cluster.ClientId = "usher";
            rider = (IKafkaHostConfiguration)cluster;
        });

        Assert.Equal(
            ("localhost:1", "usher", "seats"),
            (
                rider!.GetConsumerConfig(new ConsumerConfig { GroupId = "seats" }).BootstrapServers,
                rider!.GetConsumerConfig(new ConsumerConfig()).ClientId,
                rider!.GetConsumerConfig(new ConsumerConfig { GroupId = "seats" }).GroupId
            )
        );
        Assert.Equal(
            ("box-office", 5),
            (
                rider!.GetProducerConfig(new ProducerConfig { ClientId = "box-office" }).ClientId,
                rider!.GetProducerConfig(new ProducerConfig { LingerMs = 5 }).LingerMs
            )
        );
    }

    [Fact]
    public void A_property_that_the_client_does_not_know_is_refused_by_name()
    {
        var settings = new ConsumerConfig { GroupId = "seats" };
        settings.Set("no.such.property", "1");

        var refused = Assert.Throws<ConfigurationException>(() =>
            RiderBus.Create(new GivenBroker("localhost:1"), configure: (_, cluster) =>
                cluster.TopicEndpoint<Seat>("seats", settings, endpoint => endpoint.Handler<Seat>(_ => Task.CompletedTask))
            )
        );

        Assert.Contains("no.such.property", refused.ToString(), StringComparison.Ordinal);
    }
}

using Confluent.Kafka;
using Coupon.LocalStack;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>How a group shares its partitions: static members, cooperative rebalances, and the protocol of KIP-848.</summary>
public sealed class GroupProtocolTests(TestServers servers)
{
    private readonly SeatLog _log = new();

    [Fact]
    public async Task A_static_member_keeps_its_partitions_over_a_restart_and_the_other_one_sees_no_rebalance()
    {
        var kafka = await servers.KafkaAsync();
        Assert.SkipWhen(kafka.IsLossy, "The mock cluster does not know static members.");
        var topic = await servers.CreateTopicAsync("static", 2);
        SeatEndpoint Member(string name) =>
            new(topic, _log)
            {
                Configure = endpoint =>
                {
                    endpoint.GroupInstanceId = name;
                    endpoint.SessionTimeout = TimeSpan.FromSeconds(30);
                },
            };
        await using var staying = await Member("staying").Messages(kafka).StartAsync();
        await using (await Member("restarted").Messages(kafka).StartAsync())
        {
            await Eventually.AsyncTrue(() => Rebalances(staying) >= 2);
            await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 200);
            await _log.AllAsync(200);
        }

        var before = Rebalances(staying);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 201, 400);
        await using (await Member("restarted").Messages(kafka).StartAsync())
        {
            await _log.AllAsync(400);
        }

        Assert.Equal(before, Rebalances(staying));
    }

    [Fact]
    public async Task With_cooperative_rebalances_nothing_is_lost_or_repeated_while_members_come_and_go()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("cooperative", 6);
        var endpoint = new SeatEndpoint(topic, _log)
        {
            Configure = configurator => configurator.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        };
        await ComeAndGoAsync(kafka, topic, endpoint);
        Assert.Equal(0, _log.Repeated);
    }

    [Fact]
    public async Task With_the_consumer_protocol_of_KIP_848_nothing_is_lost_while_members_come_and_go()
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "The mock cluster does not speak the protocol.");
        await using var kafka = await LocalKafka.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        const string topic = "kip-848";
        await kafka.CreateTopicAsync(topic, 6, TestContext.Current.CancellationToken);
        await ComeAndGoAsync(kafka, topic, () =>
            RiderBus.Create(kafka, configure: (_, cluster) =>
                cluster.TopicEndpoint<long, Seat>(
                    topic,
                    new ConsumerConfig { GroupId = $"{topic}-group", GroupProtocol = GroupProtocol.Consumer },
                    endpoint =>
                    {
                        endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                        endpoint.CheckpointInterval = TimeSpan.FromMilliseconds(500);
                        endpoint.ConcurrentMessageLimit = 4;
                        endpoint.Handler<Seat>(context =>
                        {
                            _log.Add(context.Message.Number);
                            return Task.CompletedTask;
                        });
                    }
                )
            )
        );
    }

    [Fact]
    public void A_session_time_out_of_the_client_s_is_refused_with_the_consumer_protocol_where_the_broker_decides_it()
    {
        var refused = Assert.Throws<ConfigurationException>(() =>
            RiderBus.Create(new GivenBroker("localhost:1"), configure: (_, cluster) =>
                cluster.TopicEndpoint<Seat>("seats", new ConsumerConfig { GroupId = "seats", GroupProtocol = GroupProtocol.Consumer }, endpoint =>
                {
                    endpoint.SessionTimeout = TimeSpan.FromSeconds(6);
                    endpoint.Handler<Seat>(_ => Task.CompletedTask);
                })
            )
        );

        Assert.Contains("session.timeout.ms", refused.ToString(), StringComparison.Ordinal);
    }

    private Task ComeAndGoAsync(IStackServer kafka, string topic, SeatEndpoint endpoint) =>
        ComeAndGoAsync(kafka, topic, () => endpoint.Messages(kafka));

    private async Task ComeAndGoAsync(IStackServer kafka, string topic, Func<RiderBus> create)
    {
        await using (await create().StartAsync())
        {
            await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 500);
            await _log.AllAsync(500);
            await using (await create().StartAsync())
            {
                await RawKafka.ProduceSeatsAsync(kafka, topic, 501, 1500);
                await _log.AllAsync(1500);
            }

            await RawKafka.ProduceSeatsAsync(kafka, topic, 1501, 2000);
            await _log.AllAsync(2000);
        }

        Assert.Equal(RawKafka.Ends(kafka, topic, 6), RawKafka.Committed(kafka, topic, $"{topic}-group", 6));
    }

    private static int Rebalances(RiderBus bus) =>
        bus.Logs.Entries.Count(entry => entry.Text.Contains("partitions assigned", StringComparison.Ordinal));
}

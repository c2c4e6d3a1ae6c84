using Confluent.Kafka;
using Coupon.LocalServers;
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
            await Eventually.IsTrueAsync(() => Rebalances(staying) >= 2);
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
        var logs = await ComeAndGoAsync(kafka, topic, endpoint);
        Assert.True(_log.Repeated == 0, $"{_log.Repeated} came twice. {logs}");

        // Whoever stays keeps what it need not give away.
        Assert.Contains("partitions revoked: ", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("partitions revoked: 0, 1, 2, 3, 4, 5", logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_consumer_protocol_of_KIP_848_nothing_is_lost_while_members_come_and_go()
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "The mock cluster does not speak the protocol.");
        await using var kafka = await LocalKafka.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        const string topic = "kip-848";
        await kafka.CreateTopicAsync(topic, 6, TestContext.Current.CancellationToken);
        await ComeAndGoAsync(kafka, topic, () => ConsumerProtocol(kafka, topic));
    }

    /// <summary>The client tells of no assignment that is empty: that it is a member the coordinator says.</summary>
    [Fact]
    public async Task With_the_consumer_protocol_a_member_without_a_share_is_ready_and_takes_over()
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "The mock cluster does not describe groups.");
        await using var kafka = await LocalKafka.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        const string topic = "kip-848";
        await kafka.CreateTopicAsync(topic, 1, TestContext.Current.CancellationToken);
        using var metrics = new MeasuredMetrics(topic);
        await using var busy = await ConsumerProtocol(kafka, topic).StartAsync();
        await using var idle = await ConsumerProtocol(kafka, topic).StartAsync();

        Assert.Equal((BusHealthStatus.Healthy, BusHealthStatus.Healthy), (busy.Bus.CheckHealth().Status, idle.Bus.CheckHealth().Status));
        Assert.Equal(0, metrics.Observe("unassigned_time"));
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 100);
        await _log.AllAsync(100);
        var staying = Rebalances(idle) == 0 ? idle : busy;
        await (staying == idle ? busy : idle).StopAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 101, 200);
        await _log.AllAsync(200);
        Assert.Equal(BusHealthStatus.Healthy, staying.Bus.CheckHealth().Status);
        Assert.Equal(0, metrics.Counted("clients_replaced"));
    }

    [Fact]
    public async Task With_the_consumer_protocol_a_client_that_never_got_into_its_group_says_so_and_since_when()
    {
        const int ConsumerGroupHeartbeat = 68;
        const int CoordinatorLoading = 14;
        await using var kafka = await MockKafka.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var topic = UniqueName.From("never");
        await kafka.CreateTopicAsync(topic, 1, TestContext.Current.CancellationToken);
        await kafka.PushRequestErrorsAsync(ConsumerGroupHeartbeat, [.. Enumerable.Repeat(CoordinatorLoading, 5000)]);
        using var metrics = new MeasuredMetrics(topic);
        await using var bus = ConsumerProtocol(kafka, topic);
        var starting = bus.StartAsync();

        await Eventually.IsTrueAsync(
            () =>
                bus.Bus.CheckHealth() is { Status: BusHealthStatus.Unhealthy, Endpoints: var endpoints }
                && endpoints.Values.Any(of =>
                    of.Description?.Contains("The consumer has had no assignment yet, since 20", StringComparison.Ordinal) == true
                ),
            timeoutSeconds: 30,
            bus.Logs.ToString
        );
        Assert.True(metrics.Observe("unassigned_time") > 0);

        await kafka.ClearRequestErrorsAsync(ConsumerGroupHeartbeat);
        await starting;
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 10);
        await _log.AllAsync(10);
        Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);
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

    private RiderBus ConsumerProtocol(IRunningServer kafka, string topic) =>
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
        );

    private Task<string> ComeAndGoAsync(IRunningServer kafka, string topic, SeatEndpoint endpoint) =>
        ComeAndGoAsync(kafka, topic, () => endpoint.Messages(kafka));

    /// <returns>What both members logged.</returns>
    private async Task<string> ComeAndGoAsync(IRunningServer kafka, string topic, Func<RiderBus> create)
    {
        RecordedLogs left;
        string logs;
        await using (var staying = await create().StartAsync())
        {
            await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 500);
            await _log.AllAsync(500);

            // The mock cluster refuses commits from the moment a member comes; a coordinator takes those of the generation that it has.
            if (kafka is MockKafka)
                await Eventually.IsTrueAsync(() =>
                    RawKafka.Committed(kafka, topic, $"{topic}-group", 6).SequenceEqual(RawKafka.Ends(kafka, topic, 6))
                );
            await using (var coming = await create().StartAsync())
            {
                await RawKafka.ProduceSeatsAsync(kafka, topic, 501, 1500);
                await _log.AllAsync(1500);
                left = coming.Logs;
            }

            await RawKafka.ProduceSeatsAsync(kafka, topic, 1501, 2000);
            await _log.AllAsync(2000);
            logs = $"staying:\n{staying.Logs}\ncoming:\n{left}";
        }

        Assert.Equal(RawKafka.Ends(kafka, topic, 6), RawKafka.Committed(kafka, topic, $"{topic}-group", 6));
        return logs;
    }

    private static int Rebalances(RiderBus bus) =>
        bus.Logs.Entries.Count(entry => entry.Text.Contains("partitions assigned", StringComparison.Ordinal));
}

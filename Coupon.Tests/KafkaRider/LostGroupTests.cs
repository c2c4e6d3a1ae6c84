using System.Collections.Concurrent;
using Confluent.Kafka;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>A consumer that does not get into its group; the mock cluster can be told to keep it out.</summary>
public sealed class LostGroupTests
{
    private const int Heartbeat = 12;
    private const int JoinGroup = 11;
    private const int UnknownMemberId = 25;
    private const int CoordinatorLoading = 14;
    private const int Many = 5000;

    private readonly SeatLog _log = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_lost_its_group_while_a_broker_answers_is_replaced_and_health_says_since_when(bool batches)
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("expelled");
        await kafka.CreateTopicAsync(topic, 2, _cancellation);
        using var metrics = new MeasuredMetrics(topic);
        var endpoint = new SeatEndpoint(topic, _log) { Configure = BeQuick };
        await using var bus = await (batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync();
        await bus.ProduceAsync(topic, 1, 100);
        await _log.AllAsync(100);
        Assert.Equal(0, metrics.Observe("unassigned_time"));

        await kafka.PushRequestErrorsAsync(JoinGroup, [.. Enumerable.Repeat(CoordinatorLoading, Many)]);
        await kafka.PushRequestErrorsAsync(Heartbeat, UnknownMemberId);
        await Eventually.IsTrueAsync(() => Says(bus, "The consumer has lost its assignment, 20"), timeoutSeconds: 15, bus.Logs.ToString);
        await Eventually.IsTrueAsync(() => metrics.Observe("unassigned_time") > 0);
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("and a broker answers: the client is given up"), timeoutSeconds: 60, bus.Logs.ToString);
        Assert.Equal(BusHealthStatus.Unhealthy, bus.Bus.CheckHealth().Status);
        Assert.True(metrics.Counted("clients_replaced") >= 1);

        await kafka.ClearRequestErrorsAsync(JoinGroup);
        await bus.ProduceAsync(topic, 101, 200);
        await _log.AllAsync(200);
        await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Healthy, timeoutSeconds: 15, bus.Logs.ToString);
        Assert.Equal(0, metrics.Observe("unassigned_time"));
    }

    [Fact]
    public async Task Outages_that_follow_each_other_are_each_over_soon_because_pauses_grow_only_over_clients_that_get_nowhere()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("again");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        using var metrics = new MeasuredMetrics(topic);
        await using var bus = await new SeatEndpoint(topic, _log) { Configure = BeQuick }
            .Batches(kafka)
            .StartAsync();
        for (var outage = 1; outage <= 5; outage++)
        {
            await bus.ProduceAsync(topic, outage, outage);
            await _log.AllAsync(outage);

            // A member for a while: its session time-out.
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, _cancellation);
            await kafka.PushRequestErrorsAsync(Heartbeat, UnknownMemberId);
            await Eventually.IsTrueAsync(() => metrics.Counted("clients_replaced") == outage, timeoutSeconds: 15, bus.Logs.ToString);
        }

        Assert.All(bus.Logs.Entries.Where(entry => entry.Text.Contains("the client is given up", StringComparison.Ordinal)), entry =>
            Assert.Contains("takes its place in 00:00:00.", entry.Text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_client_that_never_had_an_assignment_says_so_and_is_replaced()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("never");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await kafka.PushRequestErrorsAsync(JoinGroup, [.. Enumerable.Repeat(CoordinatorLoading, Many)]);
        await using var bus = new SeatEndpoint(topic, _log) { Configure = BeQuick }.Batches(kafka);
        var starting = bus.StartAsync();

        await Eventually.IsTrueAsync(() => Says(bus, "The consumer has had no assignment yet, since 20"), timeoutSeconds: 20, bus.Logs.ToString);
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("the client is given up"), timeoutSeconds: 60, bus.Logs.ToString);
        await kafka.ClearRequestErrorsAsync(JoinGroup);

        await starting;
        await bus.ProduceAsync(topic, 1, 10);
        await _log.AllAsync(10);
    }

    [Fact]
    public async Task A_consumer_of_a_topic_that_is_missing_waits_for_it_and_is_not_replaced()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("missing");
        await using var bus = await new SeatEndpoint(topic, _log) { Configure = BeQuick }
            .Batches(kafka)
            .StartAsync();
        using var metrics = new MeasuredMetrics(topic);

        // More than the session time-out, the margin and a probe, by what the rider itself measures by: its clock.
        await Task.Delay(TimeSpan.FromSeconds(25), TimeProvider.System, _cancellation);

        Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);
        Assert.Equal(0, metrics.Counted("clients_replaced"));
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await bus.ProduceAsync(topic, 1, 10);
        await _log.AllAsync(10);
    }

    [Fact]
    public async Task One_commit_at_a_time_is_under_way_while_the_broker_does_not_answer()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("commits");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        ConcurrentQueue<Commit> commits = [];
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Batch = 10,
            Configure = endpoint =>
            {
                // Longer than the freeze on the slowest machine: whoever has lost its session reads and commits all of it again.
                endpoint.SessionTimeout = TimeSpan.FromMinutes(5);
                endpoint.CheckpointInterval = TimeSpan.FromMilliseconds(50);
                endpoint.SetOffsetsCommittedHandler(offsets => commits.Enqueue(Commit.Of(offsets)));
            },
            OnBatch = _ => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None),
        }
            .Batches(kafka)
            .StartAsync();
        string Seen() => $"{string.Join(' ', commits)}\n{bus.Logs}";
        await bus.ProduceAsync(topic, 1, 1500);
        await Eventually.IsTrueAsync(() => _log.Handled.Count >= 100, otherwise: Seen);

        kafka.Freeze();
        var frozenAt = _log.Handled.Count;
        await Eventually.IsTrueAsync(() => _log.Handled.Count >= frozenAt + 800, otherwise: Seen);
        var thawedAt = _log.Handled.Count;
        kafka.Thaw();
        await Eventually.IsTrueAsync(() => commits.Any(commit => commit.Offset == 1500), timeoutSeconds: 120, Seen);

        // What was begun during the freeze is at most the one that had just been begun, or was the first to wait.
        var between = commits.Count(commit => commit.Failed || (commit.Offset > frozenAt + 50 && commit.Offset < thawedAt - 50));
        Assert.True(between <= 1, $"{frozenAt} {thawedAt}: {Seen()}");
        Assert.False(bus.Logs.Contains("partitions lost"), Seen());
    }

    private static bool Says(RiderBus bus, string text) =>
        bus.Bus.CheckHealth() is { Status: BusHealthStatus.Unhealthy, Endpoints: var endpoints }
        && endpoints.Values.Any(endpoint => endpoint.Description?.Contains(text, StringComparison.Ordinal) == true);

    private static void BeQuick(IKafkaTopicReceiveEndpointConfigurator<long, Seat> endpoint)
    {
        endpoint.SessionTimeout = TimeSpan.FromSeconds(1);
        endpoint.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
    }

    /// <summary>The outcome of a commit of one partition.</summary>
    private sealed record Commit(long Offset, ErrorCode Error)
    {
        public bool Failed => Error != ErrorCode.NoError;

        public static Commit Of(CommittedOffsets offsets) =>
            new(offsets.Offsets.Select(offset => offset.Offset.Value).DefaultIfEmpty(-1).Max(), offsets.Error.Code);

        public override string ToString() => Failed ? $"{Offset}:{Error}" : $"{Offset}";
    }
}

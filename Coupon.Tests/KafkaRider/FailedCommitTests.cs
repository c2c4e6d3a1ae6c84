using System.Collections.Concurrent;
using Confluent.Kafka;
using Coupon.LocalServers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.KafkaRider;

/// <summary>Commits that a broker refuses.</summary>
public sealed class FailedCommitTests
{
    private const int OffsetCommit = 8;
    private const int Heartbeat = 12;
    private const int GroupAuthorizationFailed = 30;
    private const int RebalanceInProgress = 27;
    private const int Unknown = -1;

    private readonly SeatLog _log = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_listens_to_commits_is_told_that_one_by_count_failed_and_the_next_one_commits_it_all()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("refused");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        ConcurrentQueue<CommittedOffsets> commits = [];
        var endpoint = new SeatEndpoint(topic, _log)
        {
            Configure = settings =>
            {
                settings.CheckpointInterval = TimeSpan.FromMinutes(10);
                settings.CheckpointMessageCount = 10;
                settings.SetOffsetsCommittedHandler(commits.Enqueue);
            },
        };
        await kafka.PushRequestErrorsAsync(OffsetCommit, GroupAuthorizationFailed);
        await using var bus = await endpoint.Batches(kafka).StartAsync();
        await bus.ProduceAsync(topic, 1, 10);
        await Eventually.IsTrueAsync(() => commits.Any(commit => commit.Error.IsError), timeoutSeconds: 20, bus.Logs.ToString);

        await bus.ProduceAsync(topic, 11, 20);
        await Eventually.IsTrueAsync(() => commits.Any(commit => !commit.Error.IsError), timeoutSeconds: 20, bus.Logs.ToString);
        Assert.Equal(20, RawKafka.Committed(kafka, topic, endpoint.Group, 1)[0]);
    }

    [Theory]
    [InlineData(7, false)] // REQUEST_TIMED_OUT
    [InlineData(14, false)] // COORDINATOR_LOAD_IN_PROGRESS
    [InlineData(15, false)] // COORDINATOR_NOT_AVAILABLE
    [InlineData(16, false)] // NOT_COORDINATOR
    [InlineData(Unknown, true)]
    public async Task What_a_broker_could_not_commit_at_first_is_committed_before_partitions_are_given_back(int error, bool underWay)
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("again");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        var endpoint = new SeatEndpoint(topic, _log)
        {
            // Under way: begun at once, and not answered before the partition is asked back.
            Configure = settings => settings.CheckpointInterval = underWay ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromMinutes(10),
        };
        await using var bus = await endpoint.Batches(kafka).StartAsync();
        if (underWay)
            await kafka.SetRoundTripAsync(TimeSpan.FromSeconds(1));

        // The first commit is of where the client begins, the second one of what is done.
        await kafka.PushRequestErrorsAsync(OffsetCommit, underWay ? [error, error] : [error]);
        await bus.ProduceAsync(topic, 1, 100);
        await _log.AllAsync(100);

        await kafka.PushRequestErrorsAsync(Heartbeat, RebalanceInProgress);
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("partitions revoked"), otherwise: bus.Logs.ToString);
        await kafka.SetRoundTripAsync(TimeSpan.Zero);
        await bus.ProduceAsync(topic, 101, 200);
        await _log.AllAsync(200);

        Assert.True(_log.Repeated == 0, $"{_log.Repeated} came twice. {bus.Logs}");
    }

    /// <summary>The coordinator asks the partition back, so it answers, though nobody finds a broker within a second.</summary>
    [Fact]
    public async Task What_is_done_is_committed_before_a_partition_is_given_back_also_while_brokers_are_slow()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("slow");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await using var bus = await new SeatEndpoint(topic, _log) { Configure = endpoint => endpoint.SessionTimeout = TimeSpan.FromSeconds(20) }
            .Batches(kafka)
            .StartAsync();
        await kafka.SetBrokerDownAsync();
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("no broker answers"), otherwise: bus.Logs.ToString);
        await kafka.SetRoundTripAsync(TimeSpan.FromSeconds(1.2));
        await kafka.SetBrokerUpAsync();
        await bus.ProduceAsync(topic, 1, 100);
        await Eventually.IsTrueAsync(() => _log.Handled.Count == 100, otherwise: bus.Logs.ToString);

        await kafka.PushRequestErrorsAsync(Heartbeat, RebalanceInProgress);
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("partitions revoked"), otherwise: bus.Logs.ToString);
        Assert.False(bus.Logs.Contains("brokers answer again"), bus.Logs.ToString());
        await bus.ProduceAsync(topic, 101, 200);
        await _log.AllAsync(200);

        Assert.True(_log.Repeated == 0, $"{_log.Repeated} came twice. {bus.Logs}");
    }
}

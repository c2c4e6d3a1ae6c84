using System.Collections.Concurrent;
using Confluent.Kafka;
using Coupon.LocalStack;
using Coupon.Tests.Servers;

namespace Coupon.Tests.KafkaRider;

/// <summary>Commits that a broker refuses.</summary>
public sealed class FailedCommitTests
{
    private const int OffsetCommit = 8;
    private const int GroupAuthorizationFailed = 30;

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
        await Eventually.AsyncTrue(() => commits.Any(commit => commit.Error.IsError), timeoutSeconds: 20, bus.Logs.ToString);

        await bus.ProduceAsync(topic, 11, 20);
        await Eventually.AsyncTrue(() => commits.Any(commit => !commit.Error.IsError), timeoutSeconds: 20, bus.Logs.ToString);
        Assert.Equal(20, RawKafka.Committed(kafka, topic, endpoint.Group, 1)[0]);
    }
}

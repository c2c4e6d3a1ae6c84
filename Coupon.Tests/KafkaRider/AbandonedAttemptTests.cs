using System.Collections.Concurrent;
using Coupon.LocalServers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.KafkaRider;

/// <summary>An attempt that outlives its partition: whoever has the partition next in this process waits for it.</summary>
public sealed class AbandonedAttemptTests
{
    private const int Heartbeat = 12;
    private const int UnknownMemberId = 25;

    private readonly SeatLog _log = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_is_never_handled_twice_at_the_same_time_when_its_partition_comes_back(bool batches)
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("abandoned");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ConcurrentBag<int> together = [];
        int deliveries = 0,
            running = 0;
        async Task Handle()
        {
            together.Add(Interlocked.Increment(ref running));
            if (Interlocked.Increment(ref deliveries) == 1)
                await release.Task;
            Interlocked.Decrement(ref running);
        }

        var rounds = new LoopRounds();
        var endpoint = new SeatEndpoint(topic, _log)
        {
            BatchesAtOnce = 3,
            ConfigureCluster = LoopRounds.Configure,
            Configure = settings =>
            {
                rounds.Count(settings);
                settings.SessionTimeout = TimeSpan.FromSeconds(1);
                settings.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
                settings.ConcurrentMessageLimit = 3;
            },
            OnBatch = _ => Handle(),
            OnMessage = _ => Handle(),
        };
        await using var bus = await (batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 1);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref deliveries) > 0);

        await kafka.PushRequestErrorsAsync(Heartbeat, UnknownMemberId);
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("partitions lost"), otherwise: bus.Logs.ToString);
        await Eventually.IsTrueAsync(
            () => bus.Logs.Entries.Count(entry => entry.Text.Contains("partitions assigned", StringComparison.Ordinal)) > 1,
            otherwise: bus.Logs.ToString
        );

        // The message has come again meanwhile.
        await rounds.SomeMoreAsync();
        Assert.Equal(1, together.Max());
        release.SetResult();

        await Eventually.IsTrueAsync(() => Volatile.Read(ref deliveries) == 2, otherwise: bus.Logs.ToString);
        Assert.Equal(1, together.Max());
    }
}

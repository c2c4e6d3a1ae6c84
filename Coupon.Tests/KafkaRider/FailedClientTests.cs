using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>What a broker does to single members; the mock cluster can be told to.</summary>
public sealed class FailedClientTests
{
    private const int Fetch = 1;
    private const int BadMessage = -199;
    private const int NotImplemented = -170;
    private const int BadCompression = -198;
    private const int Heartbeat = 12;
    private const int UnknownMemberId = 25;
    private const int FencedInstanceId = 82;

    private readonly SeatLog _log = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_is_opened_again_goes_on_where_it_had_committed_also_where_a_start_offset_is_configured()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("reopened");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 100, _ => 1);
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Configure = endpoint =>
            {
                BeQuick(endpoint);
                endpoint.Offset = 0;
            },
        }
            .Batches(kafka)
            .StartAsync();
        await _log.AllAsync(100);
        await Eventually.IsTrueAsync(() => RawKafka.Committed(kafka, topic, $"{topic}-group", 1)[0] == 100);

        await kafka.PushRequestErrorsAsync(Heartbeat, FencedInstanceId);
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("is opened again"), otherwise: bus.Logs.ToString);
        await bus.ProduceAsync(topic, 101, 110);

        await _log.AllAsync(110);
        Assert.Equal(0, _log.Repeated);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_done_after_partitions_were_lost_is_not_committed(bool batches)
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("lost");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var deliveries = 0;
        var ended = new TaskCompletionSource();
        async Task Handle(int first)
        {
            if (first <= 10)
                return;
            if (Interlocked.Increment(ref deliveries) > 1)
                throw new InvalidOperationException("only the first time, when it was lost");
            await release.Task;
            ended.TrySetResult();
        }

        var endpoint = new SeatEndpoint(topic, _log)
        {
            Batch = 10,
            Configure = BeQuick,
            OnBatch = context => Handle(context.Message[0].Message.Number),
            OnMessage = context => Handle(context.Message.Number),
        };
        await using var bus = await (batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync();
        await bus.ProduceAsync(topic, 1, 10);
        await Eventually.IsTrueAsync(() => RawKafka.Committed(kafka, topic, endpoint.Group, 1)[0] == 10);
        await bus.ProduceAsync(topic, 11, 20);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref deliveries) > 0);

        // Counted from here: on a machine that stands still for a second, the session has timed out before.
        var (lost, assigned) = (Count(bus, "partitions lost"), Count(bus, "partitions assigned"));
        await kafka.PushRequestErrorsAsync(Heartbeat, UnknownMemberId);
        await Eventually.IsTrueAsync(() => Count(bus, "partitions lost") > lost, otherwise: bus.Logs.ToString);
        await Eventually.IsTrueAsync(() => Count(bus, "partitions assigned") > assigned, otherwise: bus.Logs.ToString);
        release.SetResult();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), _cancellation);

        // By then, with pauses of up to half a second between them, offsets have been committed several times.
        await Eventually.IsTrueAsync(() => Volatile.Read(ref deliveries) > 7, otherwise: bus.Logs.ToString);

        Assert.Equal(10, RawKafka.Committed(kafka, topic, endpoint.Group, 1)[0]);
    }

    [Theory]
    [InlineData(BadMessage)]
    [InlineData(NotImplemented)]
    [InlineData(BadCompression)]
    public async Task Messages_that_the_client_cannot_read_are_not_skipped_but_end_it_and_another_begins_before_them(int error)
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("damaged");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        await using var bus = await new SeatEndpoint(topic, _log) { Configure = BeQuick }
            .Batches(kafka)
            .StartAsync();
        await bus.ProduceAsync(topic, 1, 10);
        await _log.AllAsync(10);

        // The mock cluster hands on whatever it is told to, also what is otherwise the client's own verdict.
        await kafka.PushRequestErrorsAsync(Fetch, error);
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("is opened again"), timeoutSeconds: 20, otherwise: bus.Logs.ToString);
        await bus.ProduceAsync(topic, 11, 20);

        await _log.AllAsync(20);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_consumers_do_when_they_are_cancelled_neither_ends_the_client_nor_holds_it_up(bool batches)
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("cancelled");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        var deliveries = 0;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task Handle(ConsumeContext context)
        {
            if (Interlocked.Increment(ref deliveries) > 1)
                return;
            context.CancellationToken.Register(() =>
            {
                release.Task.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
                throw new InvalidOperationException("told to end");
            });
            await release.Task;
        }

        var endpoint = new SeatEndpoint(topic, _log)
        {
            Configure = BeQuick,
            OnBatch = Handle,
            OnMessage = Handle,
        };
        await using var bus = await (batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync();
        await bus.ProduceAsync(topic, 1, 1);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref deliveries) > 0);

        var (lost, assigned) = (Count(bus, "partitions lost"), Count(bus, "partitions assigned"));
        await kafka.PushRequestErrorsAsync(Heartbeat, UnknownMemberId);
        await Eventually.IsTrueAsync(() => Count(bus, "partitions lost") > lost, otherwise: bus.Logs.ToString);
        await Eventually.IsTrueAsync(() => Count(bus, "partitions assigned") > assigned, timeoutSeconds: 15, otherwise: bus.Logs.ToString);
        release.SetResult();

        await _log.AllAsync(1);
        Assert.False(bus.Logs.Contains("is opened again"), bus.Logs.ToString());
    }

    private static int Count(RiderBus bus, string text) => bus.Logs.Entries.Count(entry => entry.Text.Contains(text, StringComparison.Ordinal));

    /// <summary>The mock cluster divides a group anew when a session timeout has passed.</summary>
    private static void BeQuick(IKafkaTopicReceiveEndpointConfigurator<long, Seat> endpoint)
    {
        endpoint.SessionTimeout = TimeSpan.FromSeconds(1);
        endpoint.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
    }
}

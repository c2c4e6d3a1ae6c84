using System.Text.Json;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>
/// An endpoint that still has what it fetched before the broker went. Alone, because an endpoint that is starved of its processor for a second pauses
/// its partitions, and its client then drops what it has fetched.
/// </summary>
[Collection(nameof(OneAtATime))]
public sealed class BacklogWithoutBrokerTests
{
    private readonly SeatLog _log = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_endpoint_that_works_off_a_backlog_says_within_seconds_that_the_broker_is_away_and_until_it_is_back()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("backlog");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        var slowly = true;
        var fetched = 0L;
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Batch = 10,
            ConfigureCluster = cluster => cluster.StatisticsInterval = TimeSpan.FromMilliseconds(100),
            Configure = endpoint =>
            {
                endpoint.SetStatisticsHandler(json => Volatile.Write(ref fetched, NextToFetch(json, topic)));

                // With the end of its session the endpoint gives its partitions up, and the backlog with them.
                endpoint.SessionTimeout = TimeSpan.FromMinutes(1);
            },
            OnBatch = async _ => await Task.Delay(TimeSpan.FromMilliseconds(Volatile.Read(ref slowly) ? 200 : 0), TimeProvider.System),
        }
            .Batches(kafka)
            .StartAsync();

        // An endpoint that gets no processor for a second pauses its partition, and its client then drops what it has fetched. So a backlog that
        // stands still without a broker proves nothing, and the next one is looked at.
        var worksOff = false;
        for (var last = 1500; !worksOff && last <= 3 * 1500; last += 1500)
        {
            var before = _log.Handled.Count;
            Volatile.Write(ref slowly, true);
            await bus.ProduceAsync(topic, last - 1499, last);
            await Eventually.IsTrueAsync(() => Volatile.Read(ref fetched) == last && _log.Handled.Count >= before + 20, otherwise: bus.Logs.ToString);

            await kafka.SetBrokerDownAsync();
            await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Unhealthy, timeoutSeconds: 10, bus.Logs.ToString);

            // Old messages are handled all the while: they say nothing of the broker.
            worksOff = await HandlesAsync(40, () => Assert.Equal(BusHealthStatus.Unhealthy, bus.Bus.CheckHealth().Status));
            Volatile.Write(ref slowly, false);
            await kafka.SetBrokerUpAsync();
            await Eventually.IsTrueAsync(() => bus.Bus.CheckHealth().Status == BusHealthStatus.Healthy, timeoutSeconds: 15, bus.Logs.ToString);
            await _log.AllAsync(last);
        }

        Assert.True(worksOff, bus.Logs.ToString());
    }

    [Fact]
    public async Task Stopping_while_a_commit_gets_no_answer_ends_in_time_and_closes_nothing_that_is_in_use()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancellation);
        var topic = UniqueName.From("committing");
        await kafka.CreateTopicAsync(topic, 1, _cancellation);
        var fetched = 0L;
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Batch = 10,
            ConfigureCluster = cluster => cluster.StatisticsInterval = TimeSpan.FromMilliseconds(100),
            Configure = endpoint =>
            {
                endpoint.CheckpointMessageCount = 1;
                endpoint.SetStatisticsHandler(json => Volatile.Write(ref fetched, NextToFetch(json, topic)));
            },
            OnBatch = _ => Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None),
        }
            .Batches(kafka)
            .StartAsync();
        await bus.ProduceAsync(topic, 1, 500);

        // Everything is fetched, so work goes on while the broker does not answer, and each batch wants to be committed.
        await Eventually.IsTrueAsync(() => Volatile.Read(ref fetched) == 500 && _log.Handled.Count >= 50, otherwise: bus.Logs.ToString);
        kafka.Freeze();
        var handled = _log.Handled.Count;
        await Eventually.IsTrueAsync(() => _log.Handled.Count >= Math.Min(handled + 50, 500), otherwise: bus.Logs.ToString);

        await bus.StopAsync();
        kafka.Thaw();

        Assert.False(bus.Logs.Contains("ObjectDisposed"), bus.Logs.ToString());
        Assert.False(bus.Logs.Contains("a handler of"), bus.Logs.ToString());
    }

    // False: for five seconds, none was.
    private async Task<bool> HandlesAsync(int more, Action check)
    {
        var enough = _log.Handled.Count + more;
        for (var (last, at) = (0, TimeProvider.System.GetTimestamp()); TimeProvider.System.GetElapsedTime(at) < TimeSpan.FromSeconds(5); )
        {
            check();
            var handled = _log.Handled.Count;
            if (handled > enough)
                return true;
            if (handled > last)
                (last, at) = (handled, TimeProvider.System.GetTimestamp());
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _cancellation);
        }

        return false;
    }

    /// <summary>The offset that the client asks for next: what is before it needs no broker any more.</summary>
    private static long NextToFetch(string statistics, string topic)
    {
        using var json = JsonDocument.Parse(statistics);
        return json.RootElement.GetProperty("topics").TryGetProperty(topic, out var known)
            ? known.GetProperty("partitions").GetProperty("0").GetProperty("next_offset").GetInt64()
            : -1;
    }
}

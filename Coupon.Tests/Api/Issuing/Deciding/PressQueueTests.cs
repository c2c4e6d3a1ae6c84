using System.Globalization;
using Coupon.Api.Health;
using Coupon.Api.Issuing;
using Coupon.Api.Issuing.Deciding;
using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Stock.Fence;
using Coupon.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing.Deciding;

/// <summary>Presses that come during a call of the script share the next one, and each gets its own answer.</summary>
public sealed class PressQueueTests(TestServers servers) : IAsyncLifetime
{
    private LocalRedis _server = null!;
    private ApiUnderTest _api = null!;
    private PressQueue _queue = null!;

    public async ValueTask InitializeAsync()
    {
        // The tests use its fence, its script and its connection. It gets no requests, and its loops do not run meanwhile.
        _server = await LocalRedis.StartAsync();
        _api = new ApiUnderTest(servers)
        {
            OwnRedis = _server,
            Settings =
            {
                ["Stock:WatchInterval"] = "00:01:00",
                ["Stock:LeaseTime"] = "00:01:00",
                ["Issuing:RelayInterval"] = "00:01:00",
            },
        };
        await _api.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Presses_during_a_call_share_the_next_one()
    {
        // One press in the first call, two full calls, and the last press by itself.
        await LoadAsync(1000);
        _server.Freeze();
        var presses = Enumerable.Range(1, 1 + (2 * PressQueue.MostAtOnce) + 1).Select(user => _queue.DecideAsync(new Press(user, null))).ToArray();
        _server.Thaw();
        var replies = await Task.WhenAll(presses);

        Assert.Equal(
            presses.Select((_, index) => (IssueOutcome.Issued, index + 1L)),
            replies.Select(reply => (reply!.Value.Reply.Outcome, reply.Value.Reply.Ordinal))
        );
        Assert.Equal(4, await CallsWithSeatsAsync());
    }

    [Fact]
    public async Task A_single_press_is_sent_at_once_and_alone()
    {
        await LoadAsync(10);
        for (var user = 1; user <= 3; user++)
            Assert.Equal(user, (await _queue.DecideAsync(new Press(user, null)))?.Reply.Ordinal);
        Assert.Equal(3, await CallsWithSeatsAsync());
    }

    [Fact]
    public async Task In_one_call_the_same_user_gets_one_seat_and_the_last_seat_goes_to_one_user()
    {
        await LoadAsync(2);
        _server.Freeze();
        long?[] keys = [null, 77, 77, null, null];
        long[] users = [1, 2, 2, 2, 3];
        var presses = users.Zip(keys, (user, key) => _queue.DecideAsync(new Press(user, key))).ToArray();
        _server.Thaw();
        var outcomes = (await Task.WhenAll(presses)).Select(reply => reply?.Reply.Outcome);

        Assert.Equal<IssueOutcome?>(
            [IssueOutcome.Issued, IssueOutcome.Issued, IssueOutcome.Repeated, IssueOutcome.AlreadyIssued, IssueOutcome.SoldOut],
            outcomes
        );
        Assert.Equal(2, await CallsWithSeatsAsync());
    }

    [Fact]
    public async Task A_failed_call_fails_all_its_presses_and_the_next_press_is_called_for_again()
    {
        await LoadAsync(10);

        // A look at Redis, one in 20 s, would have it verified, and the script loaded again. The probe, one a second, would close the fence.
        await _api.Services.GetRequiredService<StockFence>().StopAsync(TestContext.Current.CancellationToken);
        await _api.Services.GetServices<IHostedService>().OfType<StockProbe>().Single().StopAsync(TestContext.Current.CancellationToken);
        await Server.ScriptFlushAsync();
        _server.Freeze();
        var presses = Enumerable.Range(1, 5).Select(user => _queue.DecideAsync(new Press(user, null))).ToArray();
        _server.Thaw();
        foreach (var press in presses)
            Assert.StartsWith("NOSCRIPT", (await Assert.ThrowsAsync<RedisServerException>(() => press)).Message, StringComparison.Ordinal);

        await Server.ScriptLoadAsync(IssueScript.Source.Text);

        // The bound makes a queue that hangs fail here, instead of hanging the whole run.
        var next = await _queue
            .DecideAsync(new Press(9, null))
            .WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(1, next?.Reply.Ordinal);
    }

    [Fact]
    public async Task After_the_fence_has_closed_waiting_presses_are_not_called_for_and_the_running_call_does_not_count()
    {
        await LoadAsync(10);
        _server.Freeze();
        var presses = Enumerable.Range(1, 5).Select(user => _queue.DecideAsync(new Press(user, null))).ToArray();
        _api.Services.GetRequiredService<IStockFence>().Doubt(1, "a connection broke, say");
        _server.Thaw();

        // The call of the first press had begun: its seat is in the outbox, but its user is not told.
        Assert.All(await Task.WhenAll(presses), Assert.Null);
        Assert.Equal(1, await CallsWithSeatsAsync());
    }

    [Fact]
    public async Task A_queue_is_kept_while_presses_come_and_then_removed()
    {
        await LoadAsync(10);
        var time = new FakeTimeProvider();
        using var queues = new PressQueues(
            _api.Services.GetRequiredService<IssueScript>(),
            _api.Services.GetRequiredService<IStockFence>(),
            _api.Services.GetRequiredService<IssuingMetrics>(),
            time,
            NullLogger<PressQueues>.Instance
        );
        queues.Keep(_queue);
        for (var user = 1; user <= 3; user++)
        {
            await queues.Of(_queue.Keys.CouponId).DecideAsync(new Press(user, null));
            queues.Sweep();
            Assert.Same(_queue, queues.Of(_queue.Keys.CouponId));
        }

        await queues.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                return Task.FromResult(queues.Of(_queue.Keys.CouponId) != _queue);
            },
            "it is let go of",
            TimeSpan.FromSeconds(5)
        );
        await queues.StopAsync(TestContext.Current.CancellationToken);
    }

    private async Task LoadAsync(long total)
    {
        var keys = new CouponKeys(await _api.CreateCouponAsync(total));
        _queue = new PressQueue(
            keys,
            _api.Services.GetRequiredService<IssueScript>(),
            _api.Services.GetRequiredService<IStockFence>(),
            _api.Services.GetRequiredService<IssuingMetrics>(),
            TimeProvider.System
        );
        await Server.ConfigResetStatisticsAsync();
    }

    private IServer Server => _api.Redis.Multiplexer.GetServers()[0];

    // The count of Redis since the coupon was loaded: a call writes all its outbox entries with one ZADD.
    private async Task<long> CallsWithSeatsAsync()
    {
        var statistics = await Server.InfoAsync("commandstats");
        var calls = statistics.SelectMany(section => section).First(fact => fact.Key == "cmdstat_zadd").Value;
        return long.Parse(calls.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture);
    }
}

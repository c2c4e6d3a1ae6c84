using System.Globalization;
using Coupon.Api.Issuing;
using Coupon.LocalStack;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing;

/// <summary>While the script is being asked, presses gather; nobody's answer is another's.</summary>
public sealed class PressQueueTests(TestServers servers) : IAsyncLifetime
{
    private LocalRedis _server = null!;
    private ApiUnderTest _api = null!;
    private PressQueue _queue = null!;

    public async ValueTask InitializeAsync()
    {
        // Its fence, its script and its connection are used; it has no requests, and looks at nothing meanwhile.
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
    public async Task Everybody_who_presses_while_the_script_is_asked_is_asked_about_in_the_next_call()
    {
        // The first one is asked about by itself, and of all others as many as one call may have, and then the one who is left.
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
    public async Task A_press_while_nobody_else_presses_is_asked_about_at_once_and_by_itself()
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
    public async Task A_call_that_fails_fails_for_all_who_were_in_it_and_the_next_press_is_asked_about_again()
    {
        await LoadAsync(10);
        await Server.ScriptFlushAsync();
        _server.Freeze();
        var presses = Enumerable.Range(1, 5).Select(user => _queue.DecideAsync(new Press(user, null))).ToArray();
        _server.Thaw();
        foreach (var press in presses)
            Assert.StartsWith("NOSCRIPT", (await Assert.ThrowsAsync<RedisServerException>(() => press)).Message, StringComparison.Ordinal);

        await Server.ScriptLoadAsync(IssueScript.Source.Text);

        // Without the bound, a queue that stands still would stop the whole run instead of failing.
        var next = await _queue
            .DecideAsync(new Press(9, null))
            .WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(1, next?.Reply.Ordinal);
    }

    [Fact]
    public async Task Who_waited_while_the_fence_closed_is_not_asked_about_and_what_was_answered_meanwhile_does_not_count()
    {
        await LoadAsync(10);
        _server.Freeze();
        var presses = Enumerable.Range(1, 5).Select(user => _queue.DecideAsync(new Press(user, null))).ToArray();
        _api.Services.GetRequiredService<IStockFence>().Doubt("a connection broke, say");
        _server.Thaw();

        // The first one was under way already: it is in the outbox, and nobody is told.
        Assert.All(await Task.WhenAll(presses), Assert.Null);
        Assert.Equal(1, await CallsWithSeatsAsync());
    }

    [Fact]
    public async Task A_queue_is_kept_as_long_as_somebody_presses_and_then_let_go_of()
    {
        await LoadAsync(10);
        var time = new FakeTimeProvider();
        using var queues = new PressQueues(_api.Services.GetRequiredService<IssueScript>(), _api.Services.GetRequiredService<IStockFence>(), time);
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
        _queue = new PressQueue(keys, _api.Services.GetRequiredService<IssueScript>(), _api.Services.GetRequiredService<IStockFence>());
        await Server.ConfigResetStatisticsAsync();
    }

    private IServer Server => _api.Redis.Multiplexer.GetServers()[0];

    // By what Redis itself has counted since the coupon was loaded: a call writes all its outbox entries at once.
    private async Task<long> CallsWithSeatsAsync()
    {
        var statistics = await Server.InfoAsync("commandstats");
        var calls = statistics.SelectMany(section => section).First(fact => fact.Key == "cmdstat_zadd").Value;
        return long.Parse(calls.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture);
    }
}

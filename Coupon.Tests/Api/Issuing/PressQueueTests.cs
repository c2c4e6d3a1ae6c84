using System.Globalization;
using Coupon.Api.Issuing;
using Coupon.LocalStack;
using Coupon.Stock;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing;

/// <summary>While the script is being asked, presses gather; nobody's answer is another's.</summary>
public sealed class PressQueueTests : IAsyncLifetime
{
    private const long CouponId = 5;

    private LocalRedis _server = null!;
    private ConnectionMultiplexer _redis = null!;
    private PressQueue _queue = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalRedis.StartAsync();
        _redis = await ConnectionMultiplexer.ConnectAsync(_server.ConnectionString, options => options.AllowAdmin = true);
        _queue = new PressQueue(new CouponKeys(CouponId), new IssueScript(_redis, new IssuingOptions()));
        await LoadScriptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Everybody_who_presses_while_the_script_is_asked_is_asked_about_in_the_next_call()
    {
        // The first one is asked about by itself, and of all others as many as one call may have, and then the one who is left.
        await LoadAsync(1000);
        _server.Freeze();
        var presses = Enumerable.Range(1, 1 + (2 * PressQueue.MostAtOnce) + 1).Select(user => _queue.DecideAsync(new Press(user, null))).ToArray();
        _server.Thaw();
        var replies = await Task.WhenAll(presses);

        Assert.Equal(presses.Select((_, index) => (IssueOutcome.Issued, index + 1L)), replies.Select(reply => (reply.Outcome, reply.Ordinal)));
        Assert.Equal(4, await ScriptCallsAsync());
    }

    [Fact]
    public async Task A_press_while_nobody_else_presses_is_asked_about_at_once_and_by_itself()
    {
        await LoadAsync(10);
        for (var user = 1; user <= 3; user++) Assert.Equal(user, (await _queue.DecideAsync(new Press(user, null))).Ordinal);
        Assert.Equal(3, await ScriptCallsAsync());
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
        var outcomes = (await Task.WhenAll(presses)).Select(reply => reply.Outcome);

        Assert.Equal([IssueOutcome.Issued, IssueOutcome.Issued, IssueOutcome.Repeated, IssueOutcome.AlreadyIssued, IssueOutcome.SoldOut], outcomes);
        Assert.Equal(2, await ScriptCallsAsync());
    }

    [Fact]
    public async Task A_call_that_fails_fails_for_all_who_were_in_it_and_the_next_press_is_asked_about_again()
    {
        await LoadAsync(10);
        await _redis.GetServers()[0].ScriptFlushAsync();
        _server.Freeze();
        var presses = Enumerable.Range(1, 5).Select(user => _queue.DecideAsync(new Press(user, null))).ToArray();
        _server.Thaw();
        foreach (var press in presses)
            Assert.StartsWith("NOSCRIPT", (await Assert.ThrowsAsync<RedisServerException>(() => press)).Message, StringComparison.Ordinal);

        await LoadScriptAsync();

        // Without the bound, a queue that stands still would stop the whole run instead of failing.
        var next = await _queue.DecideAsync(new Press(9, null)).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(1, next.Ordinal);
    }

    private async Task LoadScriptAsync() => await _redis.GetServers()[0].ScriptLoadAsync(IssueScript.Source.Text);

    private async Task LoadAsync(long total)
    {
        Assert.True(await new StockTerms(_redis).LoadAsync(new CouponTerms(CouponId, total, 0, null, null, false)));
        await _redis.GetServers()[0].ConfigResetStatisticsAsync();
    }

    // By what Redis itself has counted since the coupon was loaded.
    private async Task<long> ScriptCallsAsync()
    {
        var statistics = await _redis.GetServers()[0].InfoAsync("commandstats");
        var calls = statistics.SelectMany(section => section).First(fact => fact.Key == "cmdstat_evalsha").Value;
        return long.Parse(calls.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture);
    }
}

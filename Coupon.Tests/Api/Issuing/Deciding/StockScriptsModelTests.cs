using Coupon.Api.Issuing;
using Coupon.Api.Issuing.Deciding;
using Coupon.Api.Issuing.Sending;
using Coupon.Stock;
using Coupon.Tests.Servers;
using CsCheck;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing.Deciding;

/// <summary>Random histories of everything that changes a coupon's stock, on a real Redis, compared with a model.</summary>
public sealed class StockScriptsModelTests(TestServers servers)
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    private static readonly Gen<Press> _onePress = Gen.Select(
        Gen.Int[1, 12],
        Gen.Int[0, 2].Select(key => key == 0 ? null : (long?)(1 - (3 * key))),
        (user, key) => new Press(user, key)
    );
    private static readonly Gen<Step> _issue = _onePress.Array[1, 5].Select(presses => (Step)new Step.Issue(presses));
    private static readonly Gen<Step> _acknowledge = Gen.Int[1, 12].Select(ordinal => (Step)new Step.Acknowledge(ordinal));
    private static readonly Gen<Step> _relay = Gen.Int[1, 5].Select(atMost => (Step)new Step.Relay(atMost));
    private static readonly Gen<Step> _terms = Gen.Select(
        Gen.Int[0, 12],
        Gen.Int[0, 2],
        Gen.Int[0, 2],
        Gen.Enum<Window>(),
        Gen.Int[0, 9],
        (total, returned, retaken, window, tenth) => (Step)new Step.Terms(total, returned, retaken, window, Closed: tenth == 0)
    );

    private static readonly Gen<(int Total, int OutboxLimit, Step[] Steps)> _histories = Gen.Select(
        Gen.Int[1, 8],
        Gen.Int[1, 6],
        Gen.Frequency((10, _issue), (4, _acknowledge), (1, _relay), (2, _terms)).Array[1, 60]
    );

    [Fact]
    public async Task The_scripts_do_what_the_model_does_in_any_order_of_events()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync((await servers.RedisAsync()).ConnectionString, options =>
            options.AllowAdmin = true
        );
        foreach (var server in redis.GetServers())
            await server.ScriptLoadAsync(IssueScript.Source.Text);

        await _histories.SampleAsync(history => RunAsync(redis, history.Total, history.OutboxLimit, history.Steps), iter: 500, threads: 4);
    }

    private async Task RunAsync(ConnectionMultiplexer redis, int total, int outboxLimit, Step[] steps)
    {
        var keys = new CouponKeys(servers.NextCouponId());
        var options = new IssuingOptions
        {
            OutboxLimit = outboxLimit,
            RelayGrace = TimeSpan.Zero,

            // In the model, leases do not end. So none may end while a slow machine plays a history.
            RelayLease = _hour,
        };
        var (script, leases, terms) = (new IssueScript(redis, options), new OutboxLeases(redis, options), new StockTerms(redis));
        var (model, leased) = (new StockModel(total, outboxLimit), new HashSet<long>());
        Assert.Equal(IssueOutcome.NotLoaded, (await script.DecideAsync(keys, [new Press(1, null)], LeaseTerm.Closed))[0].Outcome);
        Assert.True(await terms.LoadAsync(new CouponTerms(keys.CouponId, total, 0, null, null, false)));

        foreach (var step in steps)
        {
            switch (step)
            {
                case Step.Issue(var presses):
                    var replies = await script.DecideAsync(keys, presses, LeaseTerm.Closed);
                    Assert.Equal(
                        presses.Select(press => model.Issue(press.UserId, press.IdempotencyKeyHash)),
                        replies.Select(reply => (reply.Outcome, reply.Ordinal))
                    );
                    break;
                case Step.Acknowledge(var ordinal):
                    foreach (var member in await redis.GetDatabase().SortedSetRangeByRankAsync(keys.Outbox))
                    {
                        if (OrdinalOf(member) == ordinal)
                            await redis.GetDatabase().SortedSetRemoveAsync(keys.Outbox, member);
                    }

                    model.Outbox.Remove(ordinal);
                    break;
                case Step.Relay(var atMost):
                    // Without a grace every entry is due at once, unless it is leased.
                    var due = model.Outbox.Except(leased).ToHashSet();
                    var taken = (await leases.TakeAsync(keys, atMost)).Select(entry => OrdinalOf(entry.Member)).ToArray();
                    Assert.Equal(Math.Min(atMost, due.Count), taken.Length);
                    Assert.Subset(due, taken.ToHashSet());
                    leased.UnionWith(taken);
                    break;
                case Step.Terms(var newTotal, var returned, var retaken, var window, var closed):
                    var (opens, closes) = Bounds(window);
                    var grown = await terms.ApplyAsync(new CouponTerms(keys.CouponId, newTotal, returned, opens, closes, closed, retaken));
                    Assert.Equal(model.Apply(newTotal, returned, retaken, window, closed), grown);
                    break;
            }

            await AssertSameAsync(redis.GetDatabase(), keys, model);
        }
    }

    private static async Task AssertSameAsync(IDatabase redis, CouponKeys keys, StockModel model)
    {
        var state = await redis.HashGetAsync(keys.State, [StateFields.Total, StateFields.Remaining, StateFields.Issued, StateFields.Closed]);
        Assert.Equal([model.Total, model.Remaining, model.Issued, model.Closed ? 1 : 0], state.Select(value => (long)value));
        Assert.Equal(model.Outbox, (await redis.SortedSetRangeByRankAsync(keys.Outbox)).Select(OrdinalOf).Order());
        Assert.Equal(model.Issued, await redis.HashLengthAsync(keys.Users));
    }

    private static long OrdinalOf(RedisValue member) =>
        HeldSeat.TryParseOutbox(1, member, out var seat) ? seat.Ordinal : throw new FormatException(member);

    private static (long? Opens, long? Closes) Bounds(Window window)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (before, after) = ((now - _hour).ToUnixTimeMilliseconds(), (now + _hour).ToUnixTimeMilliseconds());
        return window switch
        {
            Window.Inside => (before, after),
            Window.Ahead => (after, null),
            Window.Over => (null, before),
            _ => (null, null),
        };
    }

    internal abstract record Step
    {
        internal sealed record Issue(IReadOnlyList<Press> Presses) : Step;

        internal sealed record Acknowledge(int Ordinal) : Step;

        internal sealed record Relay(int AtMost) : Step;

        internal sealed record Terms(int Total, int Returned, int Retaken, Window Window, bool Closed) : Step;
    }
}

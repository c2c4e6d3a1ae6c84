using Coupon.Api.Issuing.Sending;
using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Stock.Shards;
using Coupon.Tests.Servers;
using Coupon.Tests.Stock;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing.Sending;

public sealed class OutboxRelayTests(TestServers servers)
{
    [Fact]
    public async Task Unreadable_entries_stay_in_the_outbox_and_stop_neither_the_others_nor_the_instance()
    {
        await using var api = new ApiUnderTest(servers);
        api.Settings["Issuing:RelayInterval"] = "00:00:00.1";
        await api.InitializeAsync();
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        string[] foreign = ["nonsense", "1:2", "-1:5:1800000000000", "1:x:1800000000000", ":::"];

        foreach (var member in foreign)
            await api.Redis.SortedSetAddAsync(keys.Outbox, member, 0);

        // Each of these entries takes another round of the relay.
        for (var ordinal = 1; ordinal <= 3; ordinal++)
        {
            var readable = new HeldSeat(keys.CouponId, ordinal, ordinal, 1800000000000).ToOutbox();
            await api.Redis.SortedSetAddAsync(keys.Outbox, readable, 1);
            await Eventually.IsTrueAsync(
                async () => await api.Redis.SortedSetScoreAsync(keys.Outbox, readable) is null,
                "a readable entry is relayed"
            );
        }

        Assert.Equal(foreign.Length, await api.Redis.SortedSetLengthAsync(keys.Outbox));
        Assert.Equal(202, (await api.IssueAsync(keys.CouponId, 7)).Status);
    }

    /// <summary>During a rollout a later version writes into the outbox too, and one that has gone is relayed by those that stay.</summary>
    [Theory]
    [InlineData("1:5:1800000000000:-77:later")]
    [InlineData("1:5:1800000000000::later:still")]
    public async Task An_entry_to_which_a_later_version_has_added_something_is_relayed(string member)
    {
        await using var api = new ApiUnderTest(servers);
        api.Settings["Issuing:RelayInterval"] = "00:00:00.1";
        await api.InitializeAsync();
        var keys = new CouponKeys(await api.CreateCouponAsync(10));

        await api.Redis.SortedSetAddAsync(keys.Outbox, member, 0);

        await Eventually.IsTrueAsync(async () => await api.Redis.SortedSetLengthAsync(keys.Outbox) == 0, "the entry is relayed");
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 3)]
    public async Task An_instance_that_may_have_been_given_up_relays_nothing(bool isWaitedFor, int left)
    {
        await using var api = new ApiUnderTest(servers);
        api.Settings["Issuing:RelayInterval"] = "00:01:00";
        await api.InitializeAsync();
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        for (var ordinal = 1; ordinal <= 3; ordinal++)
            await api.Redis.SortedSetAddAsync(keys.Outbox, new HeldSeat(keys.CouponId, ordinal, ordinal, 1800000000000).ToOutbox(), 0);
        using var relay = ActivatorUtilities.CreateInstance<OutboxRelay>(api.Services, new OpenFence { WaitedFor = isWaitedFor });

        await relay.RelayAsync(TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(async () => await api.Redis.SortedSetLengthAsync(keys.Outbox) == left, $"{left} are left");
        Assert.Equal(left, (await api.Redis.SortedSetRangeByScoreAsync(keys.Outbox, 0, 0)).Length);
    }

    [Fact]
    public async Task A_shard_that_is_away_leaves_no_entry_of_another_shard_unsent()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(withReplicas: false, cancellationToken: TestContext.Current.CancellationToken);
        await using var api = new ApiUnderTest(servers);
        api.Settings["ConnectionStrings:Redis"] = cluster.ConnectionString;
        api.Settings["Issuing:RelayInterval"] = "00:00:00.1";
        await api.InitializeAsync();

        // The list of coupons is on one shard: that one goes.
        int ShardOf(RedisKey key) => Enumerable.Range(0, 3).First(shard => api.Redis.Multiplexer.HashSlot(key) < (shard + 1) * 16_384 / 3);
        var away = ShardOf(ShardKeys.Whole.LoadedCoupons);
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        while (ShardOf(keys.State) == away)
            keys = new CouponKeys(await api.CreateCouponAsync(10));
        await RelayedAsync(1);
        await cluster.Primaries[away].KillAsync();
        await RelayedAsync(2);

        async Task RelayedAsync(long ordinal)
        {
            var entry = new HeldSeat(keys.CouponId, ordinal, ordinal, 1800000000000).ToOutbox();
            await api.Redis.SortedSetAddAsync(keys.Outbox, entry, 1);
            await Eventually.IsTrueAsync(async () => await api.Redis.SortedSetScoreAsync(keys.Outbox, entry) is null, "the entry is relayed");
        }
    }
}

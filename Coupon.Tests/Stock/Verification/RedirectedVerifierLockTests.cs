using Coupon.LocalServers;
using Coupon.Stock.Shards;
using Coupon.Stock.Verification;
using Coupon.Tests.Servers;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Coupon.Tests.Stock.Verification;

/// <summary>
/// The lock of a verification in the moment after a failover of its shard, in which the client still takes the former primary for the primary.
/// </summary>
public sealed class RedirectedVerifierLockTests
{
    private static readonly TimeSpan _lockTime = TimeSpan.FromMinutes(1);

    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_extended_on_the_new_primary()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(cancellationToken: _cancel);
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{cluster.ConnectionString},allowAdmin=true");
        var shard = await ShardAsync(redis);
        var time = new FakeTimeProvider();
        await using var held = await VerifierLock.TryTakeAsync(redis.GetDatabase(), shard, _lockTime, time, _cancel);
        Assert.NotNull(held);
        await LocalRedisCluster.FailOverAsync(cluster.Replicas[1], _cancel);
        Assert.Equal("1", await OnAsync(cluster.Replicas[1], "PEXPIRE", shard.Keys.Verifier.ToString(), "30000"));

        time.Advance(_lockTime / 3);

        await Eventually.IsTrueAsync(
            async () =>
                held.Held.IsCancellationRequested
                || long.Parse(await OnAsync(cluster.Replicas[1], "PTTL", shard.Keys.Verifier.ToString()), null) > 30_000,
            "it is extended or lost"
        );
        Assert.False(held.Held.IsCancellationRequested, "The lock was lost.");
    }

    [Fact]
    public async Task It_is_released_on_the_new_primary()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(cancellationToken: _cancel);
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{cluster.ConnectionString},allowAdmin=true");
        var shard = await ShardAsync(redis);
        await using (var held = await VerifierLock.TryTakeAsync(redis.GetDatabase(), shard, _lockTime, TimeProvider.System, _cancel))
        {
            Assert.NotNull(held);
            await LocalRedisCluster.FailOverAsync(cluster.Replicas[1], _cancel);
        }

        Assert.Equal("0", await OnAsync(cluster.Replicas[1], "EXISTS", shard.Keys.Verifier.ToString()));
    }

    private static async Task<Shard> ShardAsync(IConnectionMultiplexer redis)
    {
        var shards = await ShardMap.Of(redis).ReadAsync();
        Assert.Equal(3, shards.Count);
        return shards.Single(shard => shard.Slots!.Contains(8000));
    }

    private static async Task<string> OnAsync(LocalRedis server, params string[] command) => (await RedisCli.SendAsync(server.Port, command)).Trim();
}

using Coupon.Faults.Acting;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Coupon.LocalServers;

namespace Coupon.Tests.Faults.Stack;

public sealed class RedisStackTests
{
    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replica_takes_over_from_a_primary_that_freezes_and_the_old_one_follows_it_when_it_has_thawed(bool isCluster)
    {
        await using var redis = await RedisStack.StartAsync(isCluster ? StackKind.RedisCluster : StackKind.RedisReplica, Names.Apis, _cancel);
        await redis.AimAtAsync(118_127_870_748_097);
        var (old, replica) = (redis.Primary, redis.Other!);
        var faults = new RedisFailovers(redis);
        var fault = new Fault(1, FaultKind.FailOverRedis, new FaultTarget(null, Names.Redis), TimeSpan.Zero, TimeSpan.Zero, 0.1);

        await faults.BeginAsync(fault, _cancel);
        Assert.Equal(replica, redis.Primary);
        Assert.Contains("role:master", await RedisCli.SendAsync(replica.Port, "INFO", "replication"), StringComparison.Ordinal);

        await faults.EndAsync(fault, _cancel);
        Assert.Equal(replica, await redis.FindPrimaryAsync());
        var followed = await RedisCli.SendAsync(old.Port, "INFO", "replication");
        Assert.Contains("role:slave", followed, StringComparison.Ordinal);
        Assert.Contains("master_link_status:up", followed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_primary_writes_before_its_replica_is_promoted_may_be_missing_there()
    {
        await using var redis = await RedisStack.StartAsync(StackKind.RedisReplica, Names.Apis, _cancel);
        redis.HoldReplication(true);
        await RedisCli.SendAsync(redis.Primary.Port, "SET", "late", "1");

        await redis.PromoteOtherAsync(_cancel);

        Assert.Equal("", (await RedisCli.SendAsync(redis.Primary.Port, "GET", "late")).Trim());
    }
}

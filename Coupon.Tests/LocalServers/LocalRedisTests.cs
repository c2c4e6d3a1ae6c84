using Coupon.LocalServers;
using StackExchange.Redis;

namespace Coupon.Tests.LocalServers;

public sealed class LocalRedisTests
{
    [Fact]
    public async Task What_was_written_is_there_after_kill_minus_nine_and_a_start_on_the_same_port()
    {
        await using var redis = await LocalRedis.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var address = redis.ConnectionString;
        await using (var connection = await ConnectionMultiplexer.ConnectAsync(address))
            await connection.GetDatabase().StringSetAsync("seat", 532);

        await redis.KillAsync();
        await redis.StartAgainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(address, redis.ConnectionString);
        await using var again = await ConnectionMultiplexer.ConnectAsync(address);
        Assert.Equal(532, (int)await again.GetDatabase().StringGetAsync("seat"));
    }

    [Fact]
    public async Task A_replica_follows_its_primary()
    {
        await using var primary = await LocalRedis.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{primary.ConnectionString},asyncTimeout=60000");
        await using var replica = await LocalRedis.StartAsync(new LocalRedisOptions { ReplicaOf = primary }, TestContext.Current.CancellationToken);

        // It is in step already.
        await using var following = await ConnectionMultiplexer.ConnectAsync($"{replica.ConnectionString},allowAdmin=true");
        Assert.Contains(
            "master_link_status:up",
            (string?)await following.GetDatabase().ExecuteAsync("INFO", ["replication"], CommandFlags.PreferReplica),
            StringComparison.Ordinal
        );
        await connection.GetDatabase().StringSetAsync("seat", 532);

        // WAIT answers with the number of replicas that have it.
        Assert.Equal(1, (int)await connection.GetDatabase().ExecuteAsync("WAIT", 1, 30_000));
    }

    [Fact]
    public async Task The_data_are_deleted_with_the_server()
    {
        var redis = await LocalRedis.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(Directory.Exists(redis.AppendOnlyFolder));

        await redis.DisposeAsync();

        Assert.False(Directory.Exists(redis.Folder));
    }
}

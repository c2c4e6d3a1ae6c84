using Coupon.LocalServers;
using StackExchange.Redis;

namespace Coupon.Tests.LocalServers;

public sealed class HttpTunnelTests
{
    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_reaches_each_server_by_its_own_address_and_through_its_own_link()
    {
        await using var one = await LocalRedis.StartAsync(cancellationToken: _cancel);
        await using var two = await LocalRedis.StartAsync(cancellationToken: _cancel);
        await using var toOne = TcpProxy.To(one.Port);
        await using var toTwo = TcpProxy.To(two.Port);
        await using var tunnel = new HttpTunnel(new Dictionary<int, TcpProxy> { [one.Port] = toOne, [two.Port] = toTwo });

        await using var redis = await ConnectionMultiplexer.ConnectAsync(
            $"{one.ConnectionString},{two.ConnectionString},tunnel=http:{tunnel.Address},abortConnect=false,connectTimeout=1000"
        );

        foreach (var server in redis.GetServers())
            await server.PingAsync();
        Assert.True(toOne.Accepted > 0 && toTwo.Accepted > 0, $"{toOne.Accepted} and {toTwo.Accepted} connections");

        toOne.Mode = ProxyMode.Reset;
        await Assert.ThrowsAnyAsync<RedisException>(() => redis.GetServer(one.ConnectionString).PingAsync());
        await redis.GetServer(two.ConnectionString).PingAsync();
    }

    [Fact]
    public async Task A_throttled_link_passes_little_in_a_second()
    {
        await using var redis = await LocalRedis.StartAsync(cancellationToken: _cancel);
        await using var link = TcpProxy.To(redis.Port);
        await using var client = await ConnectionMultiplexer.ConnectAsync(link.Address);
        link.BytesPerSecond = 20_000;
        var began = TimeProvider.System.GetTimestamp();

        await client.GetDatabase().StringSetAsync("key", new byte[10_000]);

        Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(0.4));
    }
}

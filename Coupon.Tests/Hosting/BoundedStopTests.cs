using Coupon.Tests.Api.Faults;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Hosting;

/// <summary>SIGTERM while servers are frozen, so that connections stay open and nothing answers, or dead.</summary>
public sealed class BoundedStopTests
{
    [Theory]
    [InlineData("Redis")]
    [InlineData("MySQL")]
    [InlineData("Kafka")]
    [InlineData("Redis, MySQL, Kafka")]
    public async Task A_stop_ends_in_time_and_with_code_zero_whatever_is_frozen(string frozen)
    {
        await using var servers = await OwnServers.StartAsync();

        await AssertStopsAreBoundedAsync(
            servers,
            () =>
            {
                servers.Freeze(frozen);
                return Task.CompletedTask;
            },
            () => servers.Thaw(frozen)
        );
    }

    [Theory]
    [InlineData("Redis")]
    [InlineData("MySQL")]
    [InlineData("Kafka")]
    [InlineData("Redis, MySQL, Kafka")]
    public async Task A_stop_ends_in_time_and_with_code_zero_whatever_is_dead(string dead)
    {
        await using var servers = await OwnServers.StartAsync();

        await AssertStopsAreBoundedAsync(servers, () => servers.KillAsync(dead), () => { });
    }

    private static async Task AssertStopsAreBoundedAsync(OwnServers servers, Func<Task> takeAway, Action bringBack)
    {
        await using var api = await LeavingProcess.StartAsync(servers.Service, "Coupon.Api", StopBounds.Drain);
        await using var consumer = await LeavingProcess.StartAsync(servers.Service, "Coupon.Consumers", StopBounds.Drain);
        var coupon = await CouponClient.CreateAsync(api.Url, 100_000);
        await using var crowd = new Crowd(coupon, api.Url);
        var asking = crowd.AskAsync(TimeSpan.FromSeconds(4), perSecond: 50);
        await Eventually.IsTrueAsync(() => Task.FromResult(crowd.Accepted > 20), "some were accepted");

        await takeAway();
        var leaving = await Task.WhenAll(TimedAsync(api), TimedAsync(consumer));
        bringBack();
        await asking;

        Assert.Equal((0, 0), (leaving[0].Code, leaving[1].Code));
        Assert.True(leaving[0].Took < StopBounds.Api, $"The API took {leaving[0].Took}. {api.Log}");
        Assert.True(leaving[1].Took < StopBounds.Consumer, $"The consumer took {leaving[1].Took}. {consumer.Log}");
    }

    private static async Task<(int Code, TimeSpan Took)> TimedAsync(LeavingProcess process)
    {
        var began = TimeProvider.System.GetTimestamp();
        return (await process.LeaveAsync(), TimeProvider.System.GetElapsedTime(began));
    }
}

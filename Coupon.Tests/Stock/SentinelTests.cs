using Coupon.LocalServers;
using Coupon.Tests.Api.Faults;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Stock;

/// <summary>A primary that dies, and three Sentinels that promote its replica.</summary>
public sealed class SentinelTests(TestServers servers)
{
    [Fact]
    public async Task After_a_failover_by_sentinels_the_sale_goes_on_and_no_promise_is_broken()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var primary = await LocalRedis.StartAsync(cancellationToken: cancel);
        await using var replica = await LocalRedis.StartAsync(new LocalRedisOptions { ReplicaOf = primary }, cancel);
        var sentinels = await LocalSentinel.StartAsync(primary, cancellationToken: cancel);
        await using var settings = await ServiceSettings.CreateAsync(
            new Watched(sentinels),
            await servers.KafkaAsync(),
            await servers.CreateDatabaseAsync()
        );
        await using var api = await settings.StartApiAsync();
        await using var consumer = await settings.StartConsumerAsync();
        var coupon = await CouponClient.CreateAsync(api.Url, 1_000_000);
        await using var crowd = Crowd.Start([api.Url], coupon, askers: 4);
        await crowd.UntilAcceptedAsync(100);

        await primary.KillAsync();
        await crowd.UntilAcceptedAsync(200, seconds: 60);

        await crowd.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"longest pause {crowd.LongestPause.TotalSeconds:0.00} s: a primary killed, its replica promoted by three Sentinels"
        );
        await Promises.AssertNoneIsBrokenAsync(settings, coupon, crowd.Promised, TimeSpan.FromSeconds(60));
        foreach (var sentinel in sentinels)
            await sentinel.DisposeAsync();
    }

    /// <summary>The connection string that names the Sentinels, and what they watch.</summary>
    private sealed class Watched(IReadOnlyList<LocalSentinel> sentinels) : IRunningServer
    {
        public string ConnectionString =>
            $"{string.Join(',', sentinels.Select(sentinel => sentinel.ConnectionString))},serviceName={LocalSentinel.Service}";

        public string Description => "Redis, watched by Sentinels";

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

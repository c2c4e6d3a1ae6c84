using Coupon.Api.Issuing.Remembering;
using Coupon.Api.Issuing.Sending;
using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Stock.Shards;
using Coupon.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing.Sending;

public sealed class RelayRoundsTests(TestServers servers)
{
    private const long OwnCoupon = 1_000_000;

    [Theory]
    [InlineData(100, 1)]
    [InlineData(250, 3)]
    [InlineData(3_600, 30)]
    public async Task Each_loaded_coupon_is_asked_for_once_in_a_few_rounds(int loaded, int rounds)
    {
        await using var fixture = await StartAsync(loaded);

        var asked = new List<long>();
        for (var round = 0; round < rounds; round++)
            asked.AddRange(await fixture.Rounds.NextAsync());

        Assert.Equal(Enumerable.Range(1, loaded).Select(id => (long)id), asked.Order());

        // And then again from the beginning, with those that came since.
        await fixture.Redis.SetAddAsync(ShardKeys.Whole.LoadedCoupons, OwnCoupon);
        for (var round = 0; round < rounds + 1; round++)
            asked.AddRange(await fixture.Rounds.NextAsync());
        Assert.Contains(OwnCoupon, asked);
    }

    [Fact]
    public async Task A_coupon_that_this_instance_has_told_users_of_is_asked_for_in_each_round()
    {
        await using var fixture = await StartAsync(loaded: 1_000);
        var entry = OutboxEntry.Of(new HeldSeat(OwnCoupon, 1, 7, 1800000000000), trace: null);
        fixture.Unconfirmed.AnswerFor(entry);

        for (var round = 0; round < 10; round++)
            Assert.Single(await fixture.Rounds.NextAsync(), OwnCoupon);

        fixture.Unconfirmed.Forget(entry);
        for (var round = 0; round < 10; round++)
            Assert.DoesNotContain(OwnCoupon, await fixture.Rounds.NextAsync());
    }

    private async Task<Fixture> StartAsync(int loaded)
    {
        var redis = await LocalRedis.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var api = new ApiUnderTest(servers);
        api.Settings["ConnectionStrings:Redis"] = redis.ConnectionString;
        api.Settings["Issuing:RelayInterval"] = "00:01:00";
        await api.InitializeAsync();
        await api.Redis.SetAddAsync(ShardKeys.Whole.LoadedCoupons, [.. Enumerable.Range(1, loaded).Select(id => (RedisValue)id)]);
        return new Fixture(redis, api);
    }

    private sealed class Fixture(LocalRedis redis, ApiUnderTest api) : IAsyncDisposable
    {
        public IDatabase Redis => api.Redis;

        public RelayRounds Rounds { get; } = api.Services.GetRequiredService<RelayRounds>();

        public UnconfirmedIssuances Unconfirmed { get; } = api.Services.GetRequiredService<UnconfirmedIssuances>();

        public async ValueTask DisposeAsync()
        {
            await api.DisposeAsync();
            await redis.DisposeAsync();
        }
    }
}

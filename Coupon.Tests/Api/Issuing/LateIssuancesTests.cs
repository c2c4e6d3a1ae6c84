using Coupon.Api.Issuing;
using Coupon.LocalStack;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing;

/// <summary>What an instance has accepted is remembered by it until somebody has acknowledged it.</summary>
public sealed class LateIssuancesTests(TestServers servers)
{
    internal static readonly (string Name, string Value)[] Impatient =
    [
        ("Issuing:ConfirmTimeout", "00:00:00.2"),
        ("Issuing:CircuitThreshold", "3"),
        ("Issuing:RelayGrace", "00:00:01"),
        ("Issuing:RelayLease", "00:00:02"),
        ("Issuing:RelayInterval", "00:00:00.2"),
        ("Issuing:LateCheckAge", "00:00:00.5"),
        ("Issuing:LateCheckInterval", "00:00:00.2"),
        ("Producer:MessageTimeout", "00:00:01"),
    ];

    [Fact]
    public async Task A_flush_while_Kafka_has_long_been_away_loses_nothing_that_was_accepted()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = await StartAsync(kafka);
        await using var consumer = await api.Service.StartConsumerAsync();
        var coupon = await api.CreateCouponAsync(1000);
        await kafka.SetBrokerDownAsync();
        var accepted = await Task.WhenAll(Enumerable.Range(1, 40).Select(user => api.IssueAsync(coupon, user)));
        Assert.All(accepted, answer => Assert.Equal(202, answer.Status));

        // Much longer than the age from which an absence counts, and many looks.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        await api.Redis.ExecuteAsync("FLUSHALL");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        await kafka.SetBrokerUpAsync();

        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 1001)).Status == 202, "it sells on");
        await Promises.AssertEachIsARowAsync(
            api.Service,
            coupon,
            accepted.ToDictionary(answer => answer.Number("userId"), answer => answer.Number("ordinal")),
            TimeSpan.FromSeconds(40)
        );
        await Eventually.IsTrueAsync(() => Task.FromResult(!Late(api).Entries().Any()), "nothing is remembered for longer than it is needed");
    }

    [Fact]
    public async Task What_was_accepted_of_a_coupon_that_is_long_over_survives_a_flush_too()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = await StartAsync(kafka);
        await using var consumer = await api.Service.StartConsumerAsync();
        var coupon = await api.CreateCouponAsync(1000);
        await kafka.SetBrokerDownAsync();
        var accepted = await Task.WhenAll(Enumerable.Range(1, 10).Select(user => api.IssueAsync(coupon, user)));
        Assert.All(accepted, answer => Assert.Equal(202, answer.Status));

        // Longer than a verification takes it for one of those that can still be sold.
        await using (var connection = new MySqlConnection(api.Service.MySql))
            await connection.ExecuteAsync("UPDATE coupons SET closes_at = UTC_TIMESTAMP() - INTERVAL 2 DAY WHERE id = @coupon", new { coupon });
        await api.Redis.ExecuteAsync("FLUSHALL");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        await kafka.SetBrokerUpAsync();

        // Redis does not load it again, so it cannot say how many there must be.
        await using var database = TestDatabase.Open(api.Service.MySql);
        var rows = database.IssuedCoupons.AsNoTracking().Where(row => row.CouponId == coupon);
        await Eventually.IsTrueAsync(async () => await rows.CountAsync() == accepted.Length, "all are rows", TimeSpan.FromSeconds(40));
        Assert.Equal(
            accepted.Select(answer => (answer.Number("userId"), answer.Number("ordinal"))).Order(),
            (await rows.Select(row => new { row.UserId, row.Ordinal }).ToListAsync()).Select(row => (row.UserId, row.Ordinal)).Order()
        );
    }

    [Fact]
    public async Task An_instance_that_is_stopped_leaves_in_Redis_what_only_it_remembers()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = await StartAsync(kafka, ("Stock:WatchInterval", "00:01:00"), ("Stock:LeaseTime", "00:01:00"));
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{api.Service.Redis.ConnectionString},allowAdmin=true");
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        await kafka.SetBrokerDownAsync();
        for (var user = 1; user <= 3; user++)
            Assert.Equal(202, (await api.IssueAsync(keys.CouponId, user)).Status);
        await Eventually.IsTrueAsync(() => Task.FromResult(Late(api).Entries().Count() == 3), "three are late");
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");

        await api.StopAsync();

        Assert.Equal(3, await redis.GetDatabase().SortedSetLengthAsync(keys.Outbox));
    }

    [Fact]
    public async Task When_a_relay_may_send_what_was_handed_back_the_clock_of_Redis_says()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = await StartAsync(kafka, new HourAhead(), ("Issuing:RelayInterval", "00:01:00"));
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        await kafka.SetBrokerDownAsync();
        for (var user = 1; user <= 3; user++)
            await api.IssueAsync(keys.CouponId, user);
        await api.Redis.KeyDeleteAsync(keys.Outbox);

        await api.Services.GetRequiredService<IUnsettledIssuances>().HandBackAsync(TestContext.Current.CancellationToken);

        var dueBy = TimeProvider.System.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds();
        Assert.All(await api.Redis.SortedSetRangeByRankWithScoresAsync(keys.Outbox), entry => Assert.True(entry.Score < dueBy));
        Assert.Equal(3, await api.Redis.SortedSetLengthAsync(keys.Outbox));
    }

    [Fact]
    public async Task What_another_instance_relayed_is_forgotten_but_only_where_a_verified_Redis_says_so()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = await StartAsync(
            kafka,
            ("Issuing:LateCheckInterval", "00:10:00"),
            ("Issuing:RelayGrace", "00:10:00"),
            ("Stock:WatchInterval", "00:01:00"),
            ("Stock:LeaseTime", "00:01:00")
        );
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        await kafka.SetBrokerDownAsync();
        for (var user = 1; user <= 3; user++)
            await api.IssueAsync(keys.CouponId, user);
        await Eventually.IsTrueAsync(() => Task.FromResult(Late(api).Entries().Count() == 3), "three are late");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);

        // One is gone because somebody relayed it; then everything is, because Redis has forgotten it: with the coupon, and with the script.
        await api.Redis.SortedSetRemoveRangeByRankAsync(keys.Outbox, 0, 0);
        await ForgetAsync(api);
        Assert.Equal(2, Late(api).Entries().Count());
        await api.Redis.KeyDeleteAsync(keys.Outbox);
        await api.Redis.KeyRenameAsync(keys.State, "elsewhere");
        await ForgetAsync(api);
        Assert.Equal(2, Late(api).Entries().Count());
        await api.Redis.KeyRenameAsync("elsewhere", keys.State);
        await api.Redis.ExecuteAsync("SCRIPT", "FLUSH");
        await Assert.ThrowsAsync<RedisServerException>(() => ForgetAsync(api));
        Assert.Equal(2, Late(api).Entries().Count());
    }

    private static LateIssuances Late(ApiUnderTest api) => api.Services.GetRequiredService<LateIssuances>();

    private static Task ForgetAsync(ApiUnderTest api) => Late(api).ForgetAcknowledgedAsync(TestContext.Current.CancellationToken);

    private Task<ApiUnderTest> StartAsync(MockKafka kafka, params (string Name, string Value)[] more) => StartAsync(kafka, null, more);

    private async Task<ApiUnderTest> StartAsync(MockKafka kafka, TimeProvider? clock, params (string Name, string Value)[] more)
    {
        var api = new ApiUnderTest(servers) { Kafka = kafka, Clock = clock };
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[.. Impatient, .. more])
            api.Settings[name] = value;
        await api.InitializeAsync();
        return api;
    }

    // The wall clock of a machine that is wrong; its monotonic clock is not.
    private sealed class HourAhead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddHours(1);
    }
}

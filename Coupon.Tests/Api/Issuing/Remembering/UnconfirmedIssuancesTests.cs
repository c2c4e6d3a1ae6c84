using Coupon.Api.Issuing.Remembering;
using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Tests.Servers;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using StackExchange.Redis;

namespace Coupon.Tests.Api.Issuing.Remembering;

/// <summary>An instance remembers what it has accepted until Kafka has acknowledged it, to this instance or to another one.</summary>
public sealed class UnconfirmedIssuancesTests(TestServers servers)
{
    private static readonly TimeSpan _checkAge = TimeSpan.FromSeconds(0.5);

    internal static readonly (string Name, string Value)[] Impatient =
    [
        ("Issuing:ConfirmTimeout", "00:00:00.2"),
        ("Issuing:CircuitThreshold", "3"),
        ("Issuing:RelayGrace", "00:00:01"),
        ("Issuing:RelayLease", "00:00:02"),
        ("Issuing:RelayInterval", "00:00:00.2"),
        ("Issuing:UnconfirmedCheckAge", "00:00:00.5"),
        ("Issuing:UnconfirmedCheckInterval", "00:00:00.2"),
        ("Producer:MessageTimeout", "00:00:01"),
    ];

    [Fact]
    public async Task A_flush_during_a_long_outage_of_Kafka_loses_no_unconfirmed_issuance()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = await StartAsync(kafka);
        await using var consumer = await api.Service.StartConsumerAsync();
        var coupon = await api.CreateCouponAsync(1000);
        await kafka.SetBrokerDownAsync();
        var accepted = await Task.WhenAll(Enumerable.Range(1, 40).Select(user => api.IssueAsync(coupon, user)));
        Assert.All(accepted, answer => Assert.Equal(202, answer.Status));

        // All are old enough for their absence to count, before and after the flush.
        await AreOldAsync(api, accepted.Length);
        await AssertNoneIsForgottenAsync(api, accepted.Length);
        await api.Redis.ExecuteAsync("FLUSHALL");
        await AssertNoneIsForgottenAsync(api, accepted.Length);
        await kafka.SetBrokerUpAsync();

        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 1001)).Status == 202, "it sells on");
        await Promises.AssertEachIsARowAsync(
            api.Service,
            coupon,
            accepted.ToDictionary(answer => answer.Number("userId"), answer => answer.Number("ordinal")),
            TimeSpan.FromSeconds(40)
        );
        await Eventually.IsTrueAsync(() => Task.FromResult(!Unconfirmed(api).EntriesTold().Any()), "all is confirmed, and forgotten");
    }

    [Fact]
    public async Task Unconfirmed_issuances_of_a_coupon_that_is_long_over_survive_a_flush_too()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = await StartAsync(kafka);
        await using var consumer = await api.Service.StartConsumerAsync();
        var coupon = await api.CreateCouponAsync(1000);
        await kafka.SetBrokerDownAsync();
        var accepted = await Task.WhenAll(Enumerable.Range(1, 10).Select(user => api.IssueAsync(coupon, user)));
        Assert.All(accepted, answer => Assert.Equal(202, answer.Status));

        // So long ago that a verification of everything does not load the coupon again.
        await using (var connection = new MySqlConnection(api.Service.MySql))
            await connection.ExecuteAsync("UPDATE coupons SET closes_at = UTC_TIMESTAMP() - INTERVAL 2 DAY WHERE id = @coupon", new { coupon });
        await AreOldAsync(api, accepted.Length);
        await api.Redis.ExecuteAsync("FLUSHALL");
        await AssertNoneIsForgottenAsync(api, accepted.Length);
        await kafka.SetBrokerUpAsync();

        // Redis does not have the coupon any more, so the rows are counted.
        await using var database = TestDatabase.Open(api.Service.MySql);
        var rows = database.IssuedCoupons.AsNoTracking().Where(row => row.CouponId == coupon);
        await Eventually.IsTrueAsync(async () => await rows.CountAsync() == accepted.Length, "all are rows", TimeSpan.FromSeconds(40));
        Assert.Equal(
            accepted.Select(answer => (answer.Number("userId"), answer.Number("ordinal"))).Order(),
            (await rows.Select(row => new { row.UserId, row.Ordinal }).ToListAsync()).Select(row => (row.UserId, row.Ordinal)).Order()
        );
    }

    [Fact]
    public async Task A_stopped_instance_writes_its_unconfirmed_issuances_to_Redis()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = await StartAsync(kafka, ("Stock:WatchInterval", "00:01:00"), ("Stock:LeaseTime", "00:01:00"));
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{api.Service.Redis.ConnectionString},allowAdmin=true");
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        await kafka.SetBrokerDownAsync();
        for (var user = 1; user <= 3; user++)
            Assert.Equal(202, (await api.IssueAsync(keys.CouponId, user)).Status);
        await Eventually.IsTrueAsync(
            () => Task.FromResult(Unconfirmed(api).EntriesTold().Count() == 3),
            "three are answered without an acknowledgement"
        );
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");

        await api.StopAsync();

        Assert.Equal(3, await redis.GetDatabase().SortedSetLengthAsync(keys.Outbox));
    }

    [Fact]
    public async Task The_clock_of_Redis_decides_when_a_relay_may_send_what_was_handed_back()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = await StartAsync(kafka, new HourAhead(), ("Issuing:RelayInterval", "00:01:00"));
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        await kafka.SetBrokerDownAsync();
        for (var user = 1; user <= 3; user++)
            await api.IssueAsync(keys.CouponId, user);
        await api.Redis.KeyDeleteAsync(keys.Outbox);

        await api.Services.GetRequiredService<IUnconfirmedIssuances>().HandBackAsync(_ => true, TestContext.Current.CancellationToken);

        var dueBy = TimeProvider.System.GetUtcNow().AddMinutes(1).ToUnixTimeMilliseconds();
        Assert.All(await api.Redis.SortedSetRangeByRankWithScoresAsync(keys.Outbox), entry => Assert.True(entry.Score < dueBy));
        Assert.Equal(3, await api.Redis.SortedSetLengthAsync(keys.Outbox));
    }

    [Fact]
    public async Task An_issuance_that_another_instance_relayed_is_forgotten_only_where_a_verified_Redis_says_so()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = await StartAsync(
            kafka,
            ("Issuing:UnconfirmedCheckInterval", "00:10:00"),
            ("Issuing:RelayGrace", "00:10:00"),
            ("Stock:WatchInterval", "00:01:00"),
            ("Stock:LeaseTime", "00:01:00")
        );
        var keys = new CouponKeys(await api.CreateCouponAsync(10));
        await kafka.SetBrokerDownAsync();
        for (var user = 1; user <= 3; user++)
            await api.IssueAsync(keys.CouponId, user);
        await AreOldAsync(api, 3);

        // One entry is gone because another instance relayed it. Then Redis loses the rest, with the coupon, and at last with the script.
        await api.Redis.SortedSetRemoveRangeByRankAsync(keys.Outbox, 0, 0);
        await ForgetAsync(api);
        Assert.Equal(2, Unconfirmed(api).EntriesTold().Count());
        await api.Redis.KeyDeleteAsync(keys.Outbox);
        await api.Redis.KeyRenameAsync(keys.State, "elsewhere");
        await ForgetAsync(api);
        Assert.Equal(2, Unconfirmed(api).EntriesTold().Count());
        await api.Redis.KeyRenameAsync("elsewhere", keys.State);
        await api.Redis.ExecuteAsync("SCRIPT", "FLUSH");
        await Assert.ThrowsAsync<RedisServerException>(() => ForgetAsync(api));
        Assert.Equal(2, Unconfirmed(api).EntriesTold().Count());
    }

    [Fact]
    public async Task What_was_told_reaches_Kafka_from_memory_where_the_outbox_is_out_of_reach()
    {
        await using var kafka = await MockKafka.StartAsync();
        await using var api = new ApiUnderTest(servers) { Kafka = kafka, OwnRedis = await LocalRedis.StartAsync() };
        foreach (var (name, value) in Impatient)
            api.Settings[name] = value;
        api.Settings["Stock:LeaseTime"] = "00:00:01";
        await api.InitializeAsync();
        await using var consumer = await api.Service.StartConsumerAsync();
        var coupon = await api.CreateCouponAsync(1000);
        await kafka.SetBrokerDownAsync();

        // The circuit opens after three, so the client of Kafka does not have the others.
        for (var user = 1; user <= 20; user++)
            Assert.Equal(202, (await api.IssueAsync(coupon, user)).Status);
        api.OwnRedis.Freeze();
        await kafka.SetBrokerUpAsync();
        try
        {
            await using var database = TestDatabase.Open(api.Service.MySql);
            var users = database.IssuedCoupons.AsNoTracking().Where(row => row.CouponId == coupon).Select(row => row.UserId);
            await Eventually.IsTrueAsync(async () => await users.CountAsync() == 20, "all are rows while Redis hangs", TimeSpan.FromSeconds(40));
        }
        finally
        {
            api.OwnRedis.Thaw();
        }

        Answer next = null!;
        await Eventually.IsTrueAsync(async () => (next = await api.IssueAsync(coupon, 21)).Status == 202, "it sells on");
        Assert.Equal(21, next.Number("ordinal"));
    }

    private static UnconfirmedIssuances Unconfirmed(ApiUnderTest api) => api.Services.GetRequiredService<UnconfirmedIssuances>();

    // The sale is answered without Kafka, and the age has passed from which an absence from the outbox counts.
    private static Task AreOldAsync(ApiUnderTest api, int count) =>
        Eventually.IsTrueAsync(
            () => Task.FromResult(Unconfirmed(api).EntriesTold(_checkAge).Count() == count),
            $"{count} are answered without an acknowledgement, and old"
        );

    private static async Task AssertNoneIsForgottenAsync(ApiUnderTest api, int count)
    {
        for (var check = 0; check < 5; check++)
        {
            await ForgetAsync(api);
            Assert.Equal(count, Unconfirmed(api).EntriesTold().Count());
        }
    }

    private static Task ForgetAsync(ApiUnderTest api) =>
        api.Services.GetRequiredService<UnconfirmedCheck>().ForgetConfirmedAsync(TestContext.Current.CancellationToken);

    private Task<ApiUnderTest> StartAsync(MockKafka kafka, params (string Name, string Value)[] more) => StartAsync(kafka, null, more);

    private async Task<ApiUnderTest> StartAsync(MockKafka kafka, TimeProvider? clock, params (string Name, string Value)[] more)
    {
        var api = new ApiUnderTest(servers) { Kafka = kafka, Clock = clock };
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[.. Impatient, .. more])
            api.Settings[name] = value;
        await api.InitializeAsync();
        return api;
    }

    // A machine whose wall clock is wrong and whose monotonic clock is right.
    private sealed class HourAhead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddHours(1);
    }
}

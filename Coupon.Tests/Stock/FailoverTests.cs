using Coupon.Api.Issuing;
using Coupon.Database;
using Coupon.LocalStack;
using Coupon.Stock;
using Coupon.Stock.Verification;
using Coupon.Tests.Api;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Coupon.Tests.Stock;

/// <summary>A replica is promoted while its primary is alive and does not know it.</summary>
public sealed class FailoverTests(TestServers servers)
{
    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_an_instance_still_on_the_old_primary_has_under_way_reaches_the_new_one_through_MySQL()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancel);
        await using var pair = await PairAsync();
        var (old, replica, administration) = pair;
        await using var api = new ApiUnderTest(servers) { Kafka = kafka, OwnRedis = old };
        foreach (
            var (name, value) in new[]
            {
                ("ConnectionStrings:Redis", $"{old.ConnectionString},{replica.ConnectionString},configCheckSeconds=3600"),
                ("Producer:MessageTimeout", "00:00:01"),
                ("Issuing:ConfirmTimeout", "00:00:00.1"),
                ("Issuing:RelayInterval", "00:01:00"),
                ("Issuing:LateCheckAge", "00:00:00.1"),
                ("Issuing:LateCheckInterval", "00:00:00.1"),
            }
        )
            api.Settings[name] = value;
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(100);
        await Eventually.IsTrueAsync(() => administration.GetDatabase().KeyExistsAsync(new CouponKeys(coupon).State), "the replica knows the coupon");
        await FollowAsync(administration, FreePort.OfNobody);
        await kafka.SetBrokerDownAsync();
        for (var user = 1; user <= 5; user++)
            Assert.Equal(202, (await api.IssueAsync(coupon, user)).Status);

        // The client has given the messages up by then, and no relay has sent them.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, _cancel);
        await kafka.SetBrokerUpAsync();

        // Somebody else sees the promotion, and verifies.
        await administration.GetDatabase().ExecuteAsync("REPLICAOF", "NO", "ONE");
        await using var services = Elsewhere(api.Service, replica);
        var verifying = services.GetRequiredService<StockVerifier>().VerifyEverythingAsync([IssueScript.Source], "promoted", 0, _cancel);
        await Eventually.IsTrueAsync(
            async () => (await api.GetAsync("/health/ready")).Status == 503,
            "the instance sells nothing on the old primary"
        );

        var found = Assert.Single((await verifying)!.Coupons);
        Assert.Equal((5, 5, 95), (found.UsersAdded, found.OrdinalAfter, found.Remaining));
        Assert.Equal(5, await administration.GetDatabase().SortedSetLengthAsync(new CouponKeys(coupon).Outbox));
        await using var context = TestDatabase.Open(api.Service.MySql);
        Assert.Empty(context.HandedBackSeats);
    }

    [Fact]
    public async Task A_number_that_a_thawed_primary_gave_out_and_an_instance_told_survives_the_primary()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancel);
        await using var pair = await PairAsync();
        var (old, replica, administration) = pair;
        await using var api = new ApiUnderTest(servers) { Kafka = kafka, OwnRedis = old };
        foreach (
            var (name, value) in new[]
            {
                ("ConnectionStrings:Redis", $"{old.ConnectionString},configCheckSeconds=3600"),
                ("Issuing:RelayGrace", "00:05:00"),
                ("Issuing:SeatMemory", "00:00:00"),
            }
        )
            api.Settings[name] = value;
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(100);
        await Eventually.IsTrueAsync(() => administration.GetDatabase().KeyExistsAsync(new CouponKeys(coupon).State), "the replica knows the coupon");
        await FollowAsync(administration, FreePort.OfNobody);

        // The call times out, and runs when the primary thaws; then its user is told of it.
        old.Freeze();
        Assert.Equal(503, (await api.IssueAsync(coupon, 1)).Status);
        old.Thaw();
        Answer told = null!;
        await Eventually.IsTrueAsync(async () => (told = await api.IssueAsync(coupon, 1)).Status != 503, "it sells on");
        Assert.Equal(("already-issued", 1L), (told.Code, told.Number("ordinal")));

        await administration.GetDatabase().ExecuteAsync("REPLICAOF", "NO", "ONE");
        await using var services = Elsewhere(api.Service, replica);
        await services.GetRequiredService<StockVerifier>().VerifyEverythingAsync([IssueScript.Source], "promoted", 0, _cancel);

        Assert.StartsWith("1:", (string?)await administration.GetDatabase().HashGetAsync(new CouponKeys(coupon).Users, 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_decided_while_the_fence_closed_is_told_to_nobody()
    {
        await using var api = new ApiUnderTest(servers)
        {
            OwnRedis = await LocalRedis.StartAsync(cancellationToken: _cancel),
            Settings = { ["Issuing:RelayGrace"] = "00:05:00" },
        };
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(100);
        api.OwnRedis!.Freeze();
        var press = api.IssueAsync(coupon, 1);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, _cancel);
        api.Services.GetRequiredService<IStockFence>().Doubt("another Redis, say");
        api.OwnRedis.Thaw();

        Assert.Equal("stock-unverified", (await press).Code);
        Assert.False(api.Services.GetRequiredService<IUnsettledIssuances>().HasAny);
        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 1)).Code == "already-issued", "the outbox has it");
    }

    [Fact]
    public async Task A_state_from_before_the_last_verification_decides_nothing_and_is_verified()
    {
        await using var api = new ApiUnderTest(servers);
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(100);
        await api.Redis.HashSetAsync(new CouponKeys(coupon).State, StateFields.Verified, 0);

        Assert.Equal("stock-unverified", (await api.IssueAsync(coupon, 1)).Code);
        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 1)).Status == 202, "it is verified");
        Assert.NotEqual(0, (long)await api.Redis.HashGetAsync(new CouponKeys(coupon).State, StateFields.Verified));
    }

    [Fact]
    public async Task A_verification_of_everything_counts_however_many_of_single_coupons_came_after_it()
    {
        await using var api = new ApiUnderTest(servers);
        foreach (var (name, value) in new[] { ("Stock:LeaseTime", "00:00:01"), ("Stock:ReplicaLag", "00:00:01") })
            api.Settings[name] = value;
        await api.InitializeAsync();

        await using var context = TestDatabase.Open(api.Service.MySql);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        for (var number = 0; number < 30; number++)
        {
            context.StockVerifications.Add(
                new StockVerificationRow
                {
                    EveryCoupon = number == 0,
                    Reason = "test",
                    RequestedBy = "test",
                    Redis = "another",
                    RequestedAt = now,
                    FencedAt = now,
                }
            );
        }
        await context.SaveChangesAsync(_cancel);

        await Eventually.IsTrueAsync(
            () => context.StockVerifications.AnyAsync(verification => verification.Reason.Contains("was made on another Redis"), _cancel),
            "it is doubted, and verified here"
        );
    }

    [Fact]
    public async Task A_replica_that_hangs_does_not_stop_the_sale()
    {
        await using var pair = await PairAsync();
        var (old, replica, _) = pair;
        await using var api = new ApiUnderTest(servers) { OwnRedis = old };
        api.Settings["ConnectionStrings:Redis"] = $"{old.ConnectionString},{replica.ConnectionString}";
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(1000);
        replica.Freeze();

        // Longer than the answer of a server is waited for, so that each look meets it.
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, _cancel);
        var sold = 0;
        for (var user = 1; user <= 40; user++)
        {
            if ((await api.IssueAsync(coupon, user)).Status == 202)
                sold++;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _cancel);
        }

        Assert.True(sold > 20, $"{sold} of 40 were sold");
    }

    [Fact]
    public async Task A_doubt_that_has_passed_does_not_let_the_next_one_be_judged_at_once()
    {
        // As long as it takes to judge one: a lease of 2 s, a lag of 1 s, and two seconds.
        var settle = TimeSpan.FromSeconds(5);
        await using var api = new ApiUnderTest(servers);
        foreach (
            var (name, value) in new[] { ("Stock:LeaseTime", "00:00:02"), ("Stock:ReplicaLag", "00:00:01"), ("Stock:WatchInterval", "00:00:00.05") }
        )
            api.Settings[name] = value;
        await api.InitializeAsync();
        var marker = (string?)await api.Redis.StringGetAsync(CouponKeys.Verified);
        await SeemReplacedForAMomentAsync();
        await Task.Delay(settle, TimeProvider.System, _cancel);

        await SeemReplacedForAMomentAsync();

        await using var context = TestDatabase.Open(api.Service.MySql);
        Assert.Equal(marker, (string?)await api.Redis.StringGetAsync(CouponKeys.Verified));
        Assert.Single(context.StockVerifications);

        // As on a primary that was replaced: verified once, but before the last time.
        async Task SeemReplacedForAMomentAsync()
        {
            await api.Redis.StringSetAsync(CouponKeys.Verified, $"0 {marker!.Split(' ', 2)[1]}");
            await Eventually.IsTrueAsync(async () => (await api.GetAsync("/health/ready")).Status == 503, "it is doubted");
            await api.Redis.StringSetAsync(CouponKeys.Verified, marker);
            await Eventually.IsTrueAsync(async () => (await api.GetAsync("/health/ready")).Status == 200, "it is trusted again");
        }
    }

    [Fact]
    public async Task A_client_that_has_not_seen_a_promotion_leaves_the_new_primary_its_scripts()
    {
        await using var pair = await PairAsync();
        var (old, replica, administration) = pair;
        await using var late = await ConnectionMultiplexer.ConnectAsync($"{old.ConnectionString},{replica.ConnectionString},allowAdmin=true");
        var promoted = late.GetServer(replica.ConnectionString);
        await Eventually.IsTrueAsync(() => Task.FromResult(promoted.IsReplica), "it is seen as a replica");
        await administration.GetServers().Single().ScriptLoadAsync("return 1");
        await ScriptLoading.FlushReplicasAsync(late);
        Assert.False(await administration.GetServers().Single().ScriptExistsAsync("return 1"));

        await administration.GetDatabase().ExecuteAsync("REPLICAOF", "NO", "ONE");
        await administration.GetServers().Single().ScriptLoadAsync("return 1");
        Assert.True(promoted.IsReplica);
        await ScriptLoading.FlushReplicasAsync(late);

        Assert.True(await administration.GetServers().Single().ScriptExistsAsync("return 1"));
    }

    private static async Task<Pair> PairAsync()
    {
        var old = await LocalRedis.StartAsync(cancellationToken: _cancel);
        var replica = await LocalRedis.StartAsync(new LocalRedisOptions { ReplicaOf = old }, _cancel);
        return new Pair(old, replica, await ConnectionMultiplexer.ConnectAsync($"{replica.ConnectionString},allowAdmin=true"));
    }

    private static async Task FollowAsync(ConnectionMultiplexer server, int port) =>
        await server.GetDatabase().ExecuteAsync("REPLICAOF", "127.0.0.1", port);

    // A verifier on the promoted one, with the database and the topics of the instance.
    private static ServiceProvider Elsewhere(ServiceSettings settings, LocalRedis redis) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConnectionMultiplexer>(ConnectionMultiplexer.Connect(redis.ConnectionString))
            .AddCouponDatabase(settings.MySql)
            .AddCouponStock(new ConfigurationBuilder().AddInMemoryCollection(settings.Values).Build())
            .BuildServiceProvider();

    private sealed record Pair(LocalRedis Old, LocalRedis Replica, ConnectionMultiplexer Administration) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Administration.DisposeAsync();
            await Replica.DisposeAsync();
            await Old.DisposeAsync();
        }
    }
}

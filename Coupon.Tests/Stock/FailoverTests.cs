using Coupon.Api.Issuing.Deciding;
using Coupon.Database;
using Coupon.LocalServers;
using Coupon.Stock;
using Coupon.Stock.Fence;
using Coupon.Stock.Registration;
using Coupon.Stock.Shards;
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
        await using var api = new ApiUnderTest(servers)
        {
            Kafka = kafka,
            OwnRedis = old,
            Settings =
            {
                ["ConnectionStrings:Redis"] = $"{old.ConnectionString},{replica.ConnectionString},configCheckSeconds=3600",
                ["Producer:MessageTimeout"] = "00:00:01",
                ["Issuing:ConfirmTimeout"] = "00:00:00.1",
                ["Issuing:RelayInterval"] = "00:01:00",
                ["Issuing:UnconfirmedCheckAge"] = "00:00:00.1",
                ["Issuing:UnconfirmedCheckInterval"] = "00:00:00.1",
            },
        };
        var coupon = await CreateOnBothAsync(api, pair);
        await kafka.SetBrokerDownAsync();
        for (var user = 1; user <= 5; user++)
            Assert.Equal(202, (await api.IssueAsync(coupon, user)).Status);

        // The client gives the messages up, and no relay has sent them.
        await Eventually.IsTrueAsync(
            async () =>
                (await api.GetAsync("/metrics")).Body.Contains(
                    "coupon_produce_failures_total{otel_scope_name=\"Coupon.Api\"} 5\n",
                    StringComparison.Ordinal
                ),
            "the client has given the messages up"
        );
        await kafka.SetBrokerUpAsync();

        // Somebody else sees the promotion, and verifies.
        await administration.GetDatabase().ExecuteAsync("REPLICAOF", "NO", "ONE");
        await using var services = Elsewhere(api.Service, replica);
        var verifying = services.GetRequiredService<StockVerifier>().VerifyEverythingAsync(Shard.Whole, [IssueScript.Source], "promoted", 0, _cancel);
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
        await using var api = new ApiUnderTest(servers)
        {
            Kafka = kafka,
            OwnRedis = old,
            Settings =
            {
                ["ConnectionStrings:Redis"] = $"{old.ConnectionString},configCheckSeconds=3600",
                ["Issuing:RelayGrace"] = "00:05:00",
                ["Issuing:SeatCacheTime"] = "00:00:00",
            },
        };
        var coupon = await CreateOnBothAsync(api, pair);

        // The call times out, and runs when the primary thaws; then its user is told of it.
        old.Freeze();
        Assert.Equal(503, (await api.IssueAsync(coupon, 1)).Status);
        old.Thaw();
        Answer told = null!;
        await Eventually.IsTrueAsync(async () => (told = await api.IssueAsync(coupon, 1)).Status != 503, "it sells on");
        Assert.Equal(("already-issued", 1L), (told.Code, told.Number("ordinal")));

        await administration.GetDatabase().ExecuteAsync("REPLICAOF", "NO", "ONE");
        await using var services = Elsewhere(api.Service, replica);
        await services.GetRequiredService<StockVerifier>().VerifyEverythingAsync(Shard.Whole, [IssueScript.Source], "promoted", 0, _cancel);

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

        // The first press leaves its queue behind, which shows whether a call is under way.
        Assert.Equal(202, (await api.IssueAsync(coupon, 2)).Status);
        await Eventually.IsTrueAsync(() => !api.Services.GetRequiredService<IUnconfirmedIssuances>().HasAny, otherwise: () => "it is confirmed");
        var queue = api.Services.GetRequiredService<PressQueues>().Of(coupon);
        api.OwnRedis!.Freeze();
        var press = api.IssueAsync(coupon, 1);
        await Eventually.IsTrueAsync(() => queue.WasUsed() && queue.WasUsed(), otherwise: () => "the script is called");
        api.Services.GetRequiredService<IStockFence>().Doubt(1, "another Redis, say");
        api.OwnRedis.Thaw();

        Assert.Equal("stock-unverified", (await press).Code);
        Assert.False(api.Services.GetRequiredService<IUnconfirmedIssuances>().HasAny);
        await Eventually.IsTrueAsync(async () => (await api.IssueAsync(coupon, 1)).Code == "already-issued", "the outbox has it");
    }

    [Fact]
    public async Task A_status_that_was_read_while_the_fence_closed_is_told_to_nobody()
    {
        await using var api = new ApiUnderTest(servers)
        {
            OwnRedis = await LocalRedis.StartAsync(cancellationToken: _cancel),
            Settings = { ["Issuing:RelayGrace"] = "00:05:00" },
        };
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(100);
        Assert.Equal(202, (await api.IssueAsync(coupon, 1)).Status);
        api.OwnRedis!.Freeze();
        var status = api.GetAsync($"/coupons/{coupon}/issuances/1");
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, _cancel);
        api.Services.GetRequiredService<IStockFence>().Doubt(1, "another Redis, say");
        api.OwnRedis.Thaw();

        Assert.Equal((503, "stock-unverified"), ((await status).Status, (await status).Code));
        Answer again = null!;
        await Eventually.IsTrueAsync(async () => (again = await api.GetAsync($"/coupons/{coupon}/issuances/1")).Status != 503, "it tells again");
        Assert.Equal((200, 1L), (again.Status, again.Number("ordinal")));
    }

    [Fact]
    public async Task A_press_whose_fence_closes_while_Kafka_is_waited_for_is_told_nothing_yet()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancel);
        await using var api = new ApiUnderTest(servers)
        {
            Kafka = kafka,
            Settings = { ["Issuing:ConfirmTimeout"] = "00:00:20", ["Issuing:RelayGrace"] = "00:05:00" },
        };
        await api.InitializeAsync();
        var keys = new CouponKeys(await api.CreateCouponAsync(100));
        await kafka.SetBrokerDownAsync();
        var press = api.IssueAsync(keys.CouponId, 1);
        await Eventually.IsTrueAsync(async () => await api.Redis.SortedSetLengthAsync(keys.Outbox) == 1, "it is decided");

        api.Services.GetRequiredService<IStockFence>().Doubt(1, "another Redis, say");
        await kafka.SetBrokerUpAsync();

        Assert.Equal((503, "stock-unverified"), ((await press).Status, (await press).Code));
        Answer again = null!;
        await Eventually.IsTrueAsync(async () => (again = await api.IssueAsync(keys.CouponId, 1)).Status != 503, "it sells on");
        Assert.Equal(("already-issued", 1L), (again.Code, again.Number("ordinal")));
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
    public async Task A_state_from_before_the_last_verification_tells_no_status_and_is_verified()
    {
        await using var api = new ApiUnderTest(servers);
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(100);
        Assert.Equal(202, (await api.IssueAsync(coupon, 1)).Status);
        await api.Redis.HashSetAsync(new CouponKeys(coupon).State, StateFields.Verified, 0);

        Answer status;
        Assert.Equal("stock-unverified", (status = await api.GetAsync($"/coupons/{coupon}/issuances/1")).Code);
        await Eventually.IsTrueAsync(
            async () => (status = await api.GetAsync($"/coupons/{coupon}/issuances/1")).Status == 200,
            "it is verified, without a press"
        );
        Assert.Equal(("pending", 1L), (status.Text("status"), status.Number("ordinal")));
    }

    [Fact]
    public async Task A_verification_of_everything_counts_however_many_of_single_coupons_came_after_it()
    {
        await using var api = new ApiUnderTest(servers);
        foreach (
            var (name, value) in new[] { ("Stock:LeaseTime", "00:00:01"), ("Stock:ReplicaLag", "00:00:01"), ("Producer:MessageTimeout", "00:00:04") }
        )
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

        // As long as the answer of a server is waited for: a look that waits for the replica renews nothing in time.
        (api.Settings["Stock:LeaseTime"], api.Settings["Producer:MessageTimeout"]) = ("00:00:02", "00:00:07");
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(1000);
        replica.Freeze();

        // Held for longer than the answer of a server is waited for, so that each look meets it.
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
        // As long as it takes to judge one: a lease of 2 s, a lag of 1 s, and two seconds. What is tested is a time that passes, by the clock that
        // the leases go by.
        var judging = TimeSpan.FromSeconds(5);
        await using var api = new ApiUnderTest(servers);
        foreach (
            var (name, value) in new[]
            {
                ("Stock:LeaseTime", "00:00:02"),
                ("Stock:ReplicaLag", "00:00:01"),
                ("Producer:MessageTimeout", "00:00:05"),
                ("Stock:WatchInterval", "00:00:00.05"),
            }
        )
            api.Settings[name] = value;
        await api.InitializeAsync();
        var heartbeat = api.Services.GetRequiredService<InstanceHeartbeat>();
        var marker = (string?)await api.Redis.StringGetAsync(ShardKeys.Whole.Verified);
        await SeemReplacedForAMomentAsync();
        await Task.Delay(judging, TimeProvider.System, _cancel);

        await SeemReplacedForAMomentAsync();

        await using var context = TestDatabase.Open(api.Service.MySql);
        Assert.Equal(marker, (string?)await api.Redis.StringGetAsync(ShardKeys.Whole.Verified));
        Assert.Single(context.StockVerifications);

        // As on a primary that was replaced: verified once, but before the last time.
        async Task SeemReplacedForAMomentAsync()
        {
            await api.Redis.StringSetAsync(ShardKeys.Whole.Verified, $"0 {marker!.Split(' ', 2)[1]}");
            await Eventually.IsTrueAsync(async () => (await api.GetAsync("/health/ready")).Status == 503, "it is doubted");

            // Three beats, with looks in between: MySQL was asked again, so that it could be verified.
            for (var beat = 0; beat < 3; beat++)
            {
                var before = heartbeat.ShownAt;
                await Eventually.IsTrueAsync(() => heartbeat.ShownAt != before, otherwise: () => "MySQL is asked again");
            }

            await api.Redis.StringSetAsync(ShardKeys.Whole.Verified, marker);
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

    // Starts the API and creates a coupon. Once the replica knows the coupon, it hears nothing more of its primary.
    private static async Task<long> CreateOnBothAsync(ApiUnderTest api, Pair pair)
    {
        await api.InitializeAsync();
        var coupon = await api.CreateCouponAsync(100);
        var replica = pair.Administration.GetDatabase();
        await Eventually.IsTrueAsync(() => replica.KeyExistsAsync(new CouponKeys(coupon).State), "the replica knows the coupon");
        await replica.ExecuteAsync("REPLICAOF", "127.0.0.1", FreePort.OfNobody);
        return coupon;
    }

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

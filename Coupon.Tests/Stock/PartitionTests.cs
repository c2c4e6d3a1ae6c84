using System.Net.Http.Json;
using System.Text.Json;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;

namespace Coupon.Tests.Stock;

/// <summary>
/// An instance that is alive and cut off from some of its servers, while Redis forgets or is replaced: nobody is told what does not stay true.
/// </summary>
public sealed class PartitionTests(TestServers servers)
{
    private const string Nobody = "127.0.0.1:1";

    // Leases of two seconds: whoever shows nothing is given up after five.
    private static readonly (string Name, string Value)[] _quick =
    [
        ("Stock__LeaseTime", "00:00:02"),
        ("Stock__ReplicaLag", "00:00:01"),
        ("Producer__MessageTimeout", "00:00:01"),
        ("Issuing__ConfirmTimeout", "00:00:00.3"),
    ];

    // What an instance has told without an acknowledgement of Kafka may be lost where it is cut off from Redis as well (docs/durability.md). So
    // nothing is told without one: the circuit never opens, and a press waits for as long as the crowd does.
    private static readonly (string Name, string Value)[] _confirmed =
    [
        ("Issuing__ConfirmTimeout", "00:00:10"),
        ("Issuing__RelayGrace", "00:00:10"),
        ("Issuing__CircuitThreshold", "10000"),
    ];

    // An instance that freezes keeps messages in its client, which must have given them up when nobody waits for the instance any more.
    private static readonly (string Name, string Value)[] _whereItFreezes = [.. _confirmed, ("Producer__MessageTimeout", "00:00:05")];

    private static readonly (string Name, string Value)[] _whereItLives =
    [
        .. _confirmed,
        ("Producer__MessageTimeout", "00:00:05"),
        ("Issuing__RelayLease", "00:02:00"),
    ];

    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_an_instance_cut_off_from_MySQL_and_Kafka_has_told_survives_a_flush()
    {
        var redis = await LocalRedis.StartAsync(cancellationToken: _cancel);
        var settings = await ServiceSettings.CreateAsync(redis, await servers.KafkaAsync(), await servers.CreateDatabaseAsync());
        var (link, mySql) = TcpProxy.ToMySql(settings.MySql);
        await using var _ = link;
        await using var sale = await FaultySale.StartAsync(
            settings,
            redis,
            1_000_000,
            _quick,
            [
                [("ConnectionStrings__MySql", mySql), ("ConnectionStrings__Kafka", Nobody), ("Issuing__RelayInterval", "00:01:00")],
                [],
            ]
        );
        await using var crowd = sale.Open();
        await crowd.UntilAcceptedAsync(100);
        link.Mode = ProxyMode.Blackhole;

        // The cut is held for longer than the lease from before it lasts, so that what the instance tells rests on Redis alone.
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, _cancel);
        await FlushAsync(redis);
        await crowd.UntilAcceptedAsync(200);
        link.Mode = ProxyMode.Forward;
        await crowd.UntilAcceptedAsync(100);
        await AuditAsync(sale, crowd);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_number_told_by_another_instance_than_took_it_survives_a_power_cut_of_Redis(bool byStatus)
    {
        var redis = await LocalRedis.StartAsync(cancellationToken: _cancel);
        var settings = await ServiceSettings.CreateAsync(redis, await servers.KafkaAsync(), await servers.CreateDatabaseAsync());
        await using var link = TcpProxy.To(redis.Port);
        (string Name, string Value)[] more = [("Issuing__RelayGrace", "00:00:20"), ("Issuing__SeatCacheTime", "00:00:00")];
        await using var sale = await FaultySale.StartAsync(
            settings,
            redis,
            1_000_000,
            more,
            [
                [("ConnectionStrings__Redis", link.Address)],
                [],
            ]
        );
        for (var user = 1; user <= 5; user++)
            Assert.Equal((202, user), await PressAsync(sale, 1, user));
        await sale.DrainAsync();
        var file = new FileInfo(Directory.GetFiles(redis.AppendOnlyFolder, "*.incr.aof").Order().Last());
        var length = file.Length;

        // User 6 presses at an instance that never hears the answer, and then asks the other one.
        link.Mode = ProxyMode.HoldAnswers;
        Assert.Equal((503, 0), await PressAsync(sale, 0, 6));
        Assert.Equal(byStatus ? (200, 6) : (409, 6), await (byStatus ? StatusAsync(sale, 1, 6) : PressAsync(sale, 1, 6)));
        await redis.KillAsync();
        await using (var stream = file.OpenWrite())
            stream.SetLength(length);
        link.Mode = ProxyMode.Forward;
        await redis.StartAgainAsync(_cancel);

        (int, long) next = default;
        await Eventually.IsTrueAsync(async () => (next = await PressAsync(sale, 1, 7)).Item1 == 202, "it sells on");
        Assert.Equal((202, 7), next);
        Assert.Equal((409, 6), await PressAsync(sale, 1, 6));
        await sale.DrainAsync();
        Assert.Equal(6, (await sale.UserByOrdinalAsync())[6]);
        Assert.True((await sale.BalanceAsync()).GetProperty("addsUp").GetBoolean());
    }

    [Fact]
    public async Task An_instance_without_MySQL_on_a_primary_that_was_replaced_while_it_was_frozen_tells_nobody_anything()
    {
        var old = await LocalRedis.StartAsync(cancellationToken: _cancel);
        await using var replica = await LocalRedis.StartAsync(new LocalRedisOptions { ReplicaOf = old }, _cancel);
        await using var administration = await ConnectionMultiplexer.ConnectAsync($"{replica.ConnectionString},allowAdmin=true");
        var settings = await ServiceSettings.CreateAsync(old, await servers.KafkaAsync(), await servers.CreateDatabaseAsync());
        var (link, mySql) = TcpProxy.ToMySql(settings.MySql);
        await using var _ = link;
        await using var sale = await FaultySale.StartAsync(
            settings,
            old,
            1_000_000,
            [.. _quick, .. _whereItLives],
            [
                [("ConnectionStrings__MySql", mySql)],
            ]
        );
        await using var before = sale.Open(askers: 8);
        await before.UntilAcceptedAsync(200);
        link.Mode = ProxyMode.Blackhole;

        // The cut and the freeze are held for a part of the lease of 2 s each: the instance comes out of them with a lease that has just ended.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, _cancel);

        // What is under way on the old one runs when it thaws.
        old.Freeze();
        await administration.GetDatabase().ExecuteAsync("REPLICAOF", "NO", "ONE");
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, _cancel);
        old.Thaw();
        await sale.AddAsync([.. _quick, ("ConnectionStrings__Redis", replica.ConnectionString)]);
        await using var after = Crowd.Start([sale.Instances[1].Url], sale.CouponId, askers: 8);
        await after.UntilAcceptedAsync(200);
        await AuditAsync(sale, before, after);
    }

    [Fact]
    public async Task An_instance_that_was_frozen_for_longer_than_its_lease_tells_nobody_what_it_was_about_to_say()
    {
        await using var sale = await FaultySale.StartAsync(servers, 1_000_000, [.. _quick, .. _whereItFreezes]);
        await using var frozen = Crowd.Start([sale.Instances[0].Url], sale.CouponId, askers: 8);
        await frozen.UntilAcceptedAsync(300);
        sale.Instances[0].Freeze();
        await FlushAsync(sale.Redis);
        await using var crowd = Crowd.Start([sale.Instances[1].Url], sale.CouponId, askers: 8);
        await crowd.UntilAcceptedAsync(300, seconds: 60);
        sale.Instances[0].Thaw();
        await frozen.UntilAcceptedAsync(50);
        await AuditAsync(sale, frozen, crowd);
    }

    [Fact]
    public async Task What_an_instance_that_was_given_up_comes_back_with_takes_nothing_from_who_pressed_since()
    {
        var redis = await LocalRedis.StartAsync(cancellationToken: _cancel);
        var settings = await ServiceSettings.CreateAsync(redis, await servers.KafkaAsync(), await servers.CreateDatabaseAsync());
        await using var sale = await FaultySale.StartAsync(
            settings,
            redis,
            1_000_000,
            [.. _quick, ("Issuing__RelayGrace", "00:00:20")],
            [
                [("ConnectionStrings__Kafka", Nobody)],
                [],
            ]
        );

        // Only instance 0 knows of the users from 1 to 20, and Redis, which is emptied. The number of user 100 shows that theirs are forgotten.
        for (var user = 1; user <= 20; user++)
            Assert.Equal((202, user), await PressAsync(sale, 0, user));
        Assert.Equal((202, 21), await PressAsync(sale, 1, 100));
        sale.Instances[0].Freeze();
        await FlushAsync(sale.Redis);
        await Eventually.IsTrueAsync(async () => (await PressAsync(sale, 1, 101)).Status == 202, "the other one sells on", TimeSpan.FromSeconds(60));

        // Ten of them press again before it is back, while nothing is written; ten when it is back.
        sale.Consumer.Freeze();
        var told = new Dictionary<long, long>();
        for (var user = 1; user <= 10; user++)
            told[user] = (await PressAsync(sale, 1, user)).Ordinal;
        sale.Instances[0].Thaw();
        await Eventually.IsTrueAsync(async () => (await StatusAsync(sale, 0, 1)).Status == 200, "it is back", TimeSpan.FromSeconds(60));
        sale.Consumer.Thaw();
        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var context = TestDatabase.Open(sale.Settings.MySql);
                return context.StockInstances.Count() == 2 && !context.HandedBackSeats.Any();
            },
            "what it had is verified",
            TimeSpan.FromSeconds(60)
        );
        for (var user = 11; user <= 20; user++)
            told[user] = (await PressAsync(sale, 1, user)).Ordinal;

        // What the other one took in the moment in which its lease began anew is left to a relay.
        await sale.DrainAsync(seconds: 60);
        var books = await sale.UserByOrdinalAsync();
        Assert.Equal(told.Select(seat => (seat.Key, seat.Value)), books.Where(row => row.Value <= 20).Select(row => (row.Value, row.Key)).Order());
        Assert.All(told.Where(seat => seat.Key > 10), seat => Assert.Equal(seat.Key, seat.Value));
        var balance = await sale.BalanceAsync();
        Assert.True(balance.GetProperty("addsUp").GetBoolean(), balance.ToString());
        Assert.Equal(0, balance.GetProperty("openDeadLetters").GetInt64());
    }

    [Fact]
    public async Task Without_MySQL_for_everybody_the_sale_goes_on()
    {
        var redis = await LocalRedis.StartAsync(cancellationToken: _cancel);
        await using var replica = await LocalRedis.StartAsync(new LocalRedisOptions { ReplicaOf = redis }, _cancel);
        var settings = await ServiceSettings.CreateAsync(redis, await servers.KafkaAsync(), await servers.CreateDatabaseAsync());
        var (link, mySql) = TcpProxy.ToMySql(settings.MySql);
        await using var _ = link;
        (string Name, string Value)[] linked = [("ConnectionStrings__MySql", mySql)];
        await using var sale = await FaultySale.StartAsync(settings, redis, 1_000_000, _quick, [linked, linked]);
        await using var crowd = sale.Open();
        await crowd.UntilAcceptedAsync(100);
        link.Mode = ProxyMode.Blackhole;

        // The outage is held for longer than the leases from before it last.
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System, _cancel);
        var refused = crowd.Refused.GetValueOrDefault("stock-unverified");
        await crowd.UntilAcceptedAsync(300);
        Assert.Equal(refused, crowd.Refused.GetValueOrDefault("stock-unverified"));
        link.Mode = ProxyMode.Forward;
        await AuditAsync(sale, crowd);
    }

    [Fact]
    public async Task An_instance_that_was_killed_is_waited_for_once()
    {
        await using var sale = await FaultySale.StartAsync(servers, 1_000, _quick);
        await sale.Instances[0].KillAsync();
        var waited = new List<double>();
        for (var rebuild = 0; rebuild < 2; rebuild++)
        {
            using var answer = await sale.PostAsync($"/coupons/{sale.CouponId}/rebuild");
            var report = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(_cancel));
            waited.Add(report.GetProperty("settleSeconds").GetDouble());
            await using var context = TestDatabase.Open(sale.Settings.MySql);
            Assert.Single(context.StockInstances);
        }

        Assert.True(waited[1] < waited[0], string.Join(", ", waited));
    }

    [Fact]
    public async Task A_verifier_that_is_frozen_in_the_middle_is_overtaken_and_spoils_nothing_when_it_thaws()
    {
        await using var sale = await FaultySale.StartAsync(servers, 1_000_000, [.. _quick, ("Stock__LockTime", "00:00:01")]);
        await using var crowd = sale.Open(askers: 8);
        await crowd.UntilAcceptedAsync(300);
        await FlushAsync(sale.Redis);
        ServiceProcess? verifier = null;
        await Eventually.IsTrueAsync(
            async () => (verifier = await VerifierAsync(sale)) is not null,
            "one of the two verifies what was flushed, and waits for the other"
        );
        verifier!.Freeze();
        await using var after = Crowd.Start([sale.Instances.Single(instance => instance != verifier).Url], sale.CouponId, askers: 8);
        await after.UntilAcceptedAsync(100, seconds: 60);
        verifier.Thaw();
        await crowd.UntilAcceptedAsync(200, seconds: 60);
        await AuditAsync(sale, crowd, after);
    }

    // By id: whoever was told a number has it and no other, whatever was said when, and it is a row; and the books know that they balance.
    private static async Task AuditAsync(FaultySale sale, params Crowd[] crowds)
    {
        foreach (var crowd in crowds)
            await crowd.StopAsync();
        List<ToldSeat> told = [.. crowds.SelectMany(crowd => crowd.Told)];
        List<string> contradictions = [.. ToldSeat.Contradictions(told)];
        bool IsContradicted(ToldSeat seat) => told.Exists(other => other.Ordinal == seat.Ordinal && other.UserId != seat.UserId);
        if (contradictions.Count > 0)
            Assert.Fail(string.Join('\n', [.. contradictions.Take(10), await WhereaboutsAsync(sale, [.. told.Where(IsContradicted).Take(20)])]));
        await sale.DrainAsync();
        var books = await sale.UserByOrdinalAsync();
        List<ToldSeat> lost = [.. told.Where(seat => !books.TryGetValue(seat.Ordinal, out var user) || user != seat.UserId).Distinct()];
        Assert.True(lost.Count == 0, await WhereaboutsAsync(sale, lost));
        Assert.True(books.Count <= sale.Stock, $"{books.Count} of {sale.Stock} sold");
        var balance = await sale.BalanceAsync();
        Assert.True(balance.GetProperty("addsUp").GetBoolean(), balance.ToString());
    }

    // What became of the ordinals and the users that were told of each other.
    private static async Task<string> WhereaboutsAsync(FaultySale sale, List<ToldSeat> lost)
    {
        await using var context = TestDatabase.Open(sale.Settings.MySql);
        var (ordinals, users) = (lost.ConvertAll(seat => seat.Ordinal), lost.ConvertAll(seat => seat.UserId));
        var rows = await context.IssuedCoupons.Where(row => ordinals.Contains(row.Ordinal) || users.Contains(row.UserId)).ToListAsync(_cancel);
        var letters = await context
            .DeadLetters.Where(letter => ordinals.Contains(letter.Ordinal ?? 0) || users.Contains(letter.UserId ?? 0))
            .ToListAsync(_cancel);
        var forgotten = await context.ForgottenOrdinals.Select(row => row.Ordinal).ToListAsync(_cancel);
        var verifications = await context.StockVerifications.OrderBy(row => row.Id).ToListAsync(_cancel);
        return string.Join(
            '\n',
            [
                .. lost.Select(seat => seat.ToString()),
                .. rows.Select(row => $"row: ordinal {row.Ordinal}, user {row.UserId}, issued at {row.IssuedAt:O}"),
                .. letters.Select(letter =>
                    $"dead letter: ordinal {letter.Ordinal}, user {letter.UserId}, {letter.Cause}: {letter.ExceptionMessage}"
                ),
                $"forgotten: {string.Join(", ", forgotten)}",
                .. verifications.Select(row => $"verification {row.Id}: {row.RequestedAt:O} to {row.CompletedAt:O}, {row.Reason}"),
                .. sale.Instances.Append(sale.Consumer).Select(process => $"{process.Name}\n{File.ReadAllText(process.LogFile)}"),
            ]
        );
    }

    // Which instance has begun a verification that is not complete.
    private static async Task<ServiceProcess?> VerifierAsync(FaultySale sale)
    {
        await using var context = TestDatabase.Open(sale.Settings.MySql);
        var by = await context.StockVerifications.Where(row => row.CompletedAt == null).Select(row => row.RequestedBy).FirstOrDefaultAsync(_cancel);
        return sale.Instances.SingleOrDefault(instance => by?.EndsWith($"{instance.ProcessId}", StringComparison.Ordinal) == true);
    }

    private static async Task<(int Status, long Ordinal)> PressAsync(FaultySale sale, int instance, long userId)
    {
        using var http = new HttpClient();
        var url = new Uri(sale.Instances[instance].Url, $"/coupons/{sale.CouponId}/issuances");
        using var answer = await http.PostAsJsonAsync(url, new { userId }, _cancel);
        return await OrdinalInAsync(answer);
    }

    private static async Task<(int Status, long Ordinal)> StatusAsync(FaultySale sale, int instance, long userId)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(sale.Instances[instance].Url, $"/coupons/{sale.CouponId}/issuances/{userId}"), _cancel);
        return await OrdinalInAsync(answer);
    }

    private static async Task<(int Status, long Ordinal)> OrdinalInAsync(HttpResponseMessage answer)
    {
        var body = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(_cancel));
        return ((int)answer.StatusCode, body.TryGetProperty("ordinal", out var ordinal) ? ordinal.GetInt64() : 0);
    }

    private static async Task FlushAsync(LocalRedis server)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},allowAdmin=true");
        await redis.GetServers().Single().FlushAllDatabasesAsync();
    }
}

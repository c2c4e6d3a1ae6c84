using System.Globalization;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.Issuing;
using Coupon.Database;
using Coupon.LocalServers;
using Coupon.Tests.Http;
using Coupon.Tests.KafkaRider;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>Servers that go away, for a short time; <c>COUPON_OUTAGE_SECONDS=120</c> gives the full length.</summary>
public sealed class OutageTests(TestServers servers, ITestOutputHelper output)
{
    private static readonly TimeSpan _outage = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("COUPON_OUTAGE_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : 8
    );

    private const int ProduceRequest = 0;

    [Fact]
    public async Task While_MySQL_is_away_nothing_is_dead_lettered_and_health_is_degraded_then_all_is_written()
    {
        await using var mySql = await LocalMySql.StartAsync(cancellationToken: ConsumerFixture.Stop);
        await using var fixture = await StartAsync(mySql);
        var coupon = await fixture.AddCouponAsync(100_000);
        await fixture.SendAsync(coupon, 500);
        await fixture.RowsAsync(coupon, 500);

        // The outage is held, while messages go on arriving.
        await mySql.KillAsync();
        var sent = 500;
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < _outage)
        {
            await fixture.SendAsync(coupon, 100, first: sent + 1);
            sent += 100;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ConsumerFixture.Stop);
        }
        var (code, health) = await fixture.HealthAsync();
        Assert.Equal(200, code);
        Assert.Contains("\"status\":\"Degraded\"", health, StringComparison.Ordinal);
        await Eventually.IsTrueAsync(async () => await LagAsync(fixture) >= sent - 500, "the lag to be shown");
        await mySql.StartAgainAsync(ConsumerFixture.Stop);

        await fixture.RowsAsync(coupon, sent);
        Assert.Equal(Enumerable.Range(1, sent).Select(ordinal => (long)ordinal), await fixture.OrdinalsAsync(coupon));
        Assert.Empty(fixture.DeadLetterTopic());
        output.WriteLine($"MySQL away {_outage.TotalSeconds:0} s: {sent} sent, {(await fixture.OrdinalsAsync(coupon)).Length} rows, 0 dead letters");
        await fixture.HealthSaysAsync("\"status\":\"Healthy\",\"checks\"");
    }

    [Fact]
    public async Task A_MySQL_that_hangs_and_comes_back_loses_nothing()
    {
        await using var mySql = await LocalMySql.StartAsync(cancellationToken: ConsumerFixture.Stop);
        await using var fixture = await StartAsync(mySql, commandTimeout: 1);
        var coupon = await fixture.AddCouponAsync(100_000);

        mySql.Freeze();
        await fixture.SendAsync(coupon, 300);
        await fixture.HealthSaysAsync("DatabaseUnavailable");
        mySql.Thaw();

        await fixture.RowsAsync(coupon, 300);
        Assert.Empty(fixture.DeadLetterTopic());
    }

    [Fact]
    public async Task After_the_longest_wait_a_batch_is_dead_lettered_and_a_replay_brings_it_back()
    {
        await using var mySql = await LocalMySql.StartAsync(cancellationToken: ConsumerFixture.Stop);
        await using var fixture = await StartAsync(mySql, maxElapsed: "00:00:02");
        var coupon = await fixture.AddCouponAsync(100);

        await mySql.KillAsync();
        await fixture.SendAsync(coupon, 20);
        await Eventually.IsTrueAsync(() => Task.FromResult(fixture.DeadLetterTopic().Count == 20), "20 messages in the dead-letter topic");
        await mySql.StartAgainAsync(ConsumerFixture.Stop);

        var letters = await fixture.DeadLettersAsync(20);
        Assert.All(letters, letter => Assert.Equal(RejectionCauses.RetriesExhausted, letter.Cause));
        await fixture
            .Get<Coupon.Consumers.DeadLetters.DeadLetterReplay>()
            .ReplayAsync(new() { Filter = new(), Actor = "an operator" }, null, ConsumerFixture.Stop);
        await fixture.DeadLettersAsync(20, DeadLetterState.Resolved);
        await fixture.RowsAsync(coupon, 20);
    }

    [Fact]
    public async Task A_dead_letter_that_Kafka_does_not_take_stops_consumption_where_it_is_until_it_does()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: ConsumerFixture.Stop);
        var services = await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), kafka, await servers.CreateDatabaseAsync(), partitions: 1);
        await using var fixture = await ConsumerFixture.StartAsync(services, owns: true, ("Batch:MessageLimit", "1"), ("Batch:Concurrency", "1"));
        var coupon = await fixture.AddCouponAsync(100);
        fixture.Get<ConsumptionGate>().Pause("until everything is in place");
        await fixture.SendAsync(["no message"u8.ToArray()]);
        await fixture.SendAsync(coupon, 10);

        // TOPIC_AUTHORIZATION_FAILED (29), which the client does not retry by itself; for every request.
        await kafka.PushRequestErrorsAsync(ProduceRequest, [.. Enumerable.Repeat(29, 1000)]);
        fixture.Get<ConsumptionGate>().Resume();
        await fixture.HealthSaysAsync("DeadLettersUnavailable");

        // The outage is held for more than two intervals of commits, and many attempts: the offset has not moved, later messages are not consumed,
        // and health still reports it. Nothing is committed meanwhile that could be counted.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System, ConsumerFixture.Stop);
        var (code, health) = await fixture.HealthAsync();
        Assert.Equal(503, code);
        Assert.Contains("DeadLettersUnavailable", health, StringComparison.Ordinal);
        Assert.Equal(0, Committed(fixture));
        Assert.Empty(await fixture.OrdinalsAsync(coupon));
        Assert.Empty(fixture.DeadLetterTopic());

        await kafka.ClearRequestErrorsAsync(ProduceRequest);
        await fixture.RowsAsync(coupon, 10);
        Assert.Equal("no message"u8.ToArray(), Assert.Single(fixture.DeadLetterTopic()).Message.Value);
        await fixture.DeadLettersAsync(1);
        await Eventually.IsTrueAsync(() => Task.FromResult(Committed(fixture) == 11), "the offset to move on");
        Assert.Equal(200, (await fixture.HealthAsync()).Code);
    }

    private static async Task<double> LagAsync(ConsumerFixture fixture)
    {
        using var http = TwoDoors.Client();
        var shown = await http.GetStringAsync(new Uri(fixture.Url + "/metrics"), ConsumerFixture.Stop);
        return shown
            .Split('\n')
            .Where(line =>
                line.StartsWith("messaging_masstransit_kafka_lag{", StringComparison.Ordinal)
                && line.Contains($"\"{fixture.Settings.CouponIssuedTopic}\"", StringComparison.Ordinal)
            )
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    private static long Committed(ConsumerFixture fixture) =>
        RawKafka.Committed(fixture.Settings.Kafka, fixture.Settings.CouponIssuedTopic, fixture.Settings.PersistenceGroup, partitions: 1)[0];

    private async Task<ConsumerFixture> StartAsync(LocalMySql mySql, string maxElapsed = "00:10:00", int commandTimeout = 30)
    {
        var database = new MySqlConnector.MySqlConnectionStringBuilder(await TestDatabase.CreateAsync(mySql.ConnectionString))
        {
            DefaultCommandTimeout = (uint)commandTimeout,
            ConnectionTimeout = 2,
        };
        return await ConsumerFixture.StartAsync(
            await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), await servers.KafkaAsync(), database.ConnectionString),
            owns: true,
            ("Retry:MaxElapsed", maxElapsed)
        );
    }
}

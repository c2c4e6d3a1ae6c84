using System.Globalization;
using Coupon.Consumers.Consumption;
using Coupon.Consumers.Issuing;
using Coupon.Database;
using Coupon.LocalStack;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>Servers that go away. How long is shortened; <c>COUPON_OUTAGE_SECONDS=120</c> holds the full length.</summary>
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
        await using var mySql = await LocalMySql.StartAsync(cancellationToken: ConsumerBench.Stop);
        await using var bench = await StartAsync(mySql);
        var coupon = await bench.AddCouponAsync(100_000);
        await bench.SendAsync(coupon, 500);
        await bench.RowsAsync(coupon, 500);

        await mySql.KillAsync();
        var sent = 500;
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < _outage)
        {
            await bench.SendAsync(coupon, 100, first: sent + 1);
            sent += 100;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ConsumerBench.Stop);
        }
        var (code, health) = await bench.HealthAsync();
        Assert.Equal(200, code);
        Assert.Contains("\"status\":\"Degraded\"", health, StringComparison.Ordinal);
        await ConsumerBench.UntilAsync(async () => await LagAsync(bench) >= sent - 500, "the lag to be shown");
        await mySql.StartAgainAsync(ConsumerBench.Stop);

        await bench.RowsAsync(coupon, sent);
        Assert.Equal(Enumerable.Range(1, sent).Select(ordinal => (long)ordinal), await bench.OrdinalsAsync(coupon));
        Assert.Empty(bench.DeadLetterTopic());
        output.WriteLine($"MySQL away {_outage.TotalSeconds:0} s: {sent} sent, {(await bench.OrdinalsAsync(coupon)).Length} rows, 0 dead letters");
        await bench.HealthSaysAsync("\"status\":\"Healthy\",\"checks\"");
    }

    [Fact]
    public async Task A_MySQL_that_hangs_and_comes_back_loses_nothing()
    {
        await using var mySql = await LocalMySql.StartAsync(cancellationToken: ConsumerBench.Stop);
        await using var bench = await StartAsync(mySql, commandTimeout: 1);
        var coupon = await bench.AddCouponAsync(100_000);

        mySql.Freeze();
        await bench.SendAsync(coupon, 300);
        await bench.HealthSaysAsync("DatabaseUnavailable");
        mySql.Thaw();

        await bench.RowsAsync(coupon, 300);
        Assert.Empty(bench.DeadLetterTopic());
    }

    [Fact]
    public async Task After_the_longest_wait_a_batch_is_dead_lettered_and_a_replay_brings_it_back()
    {
        await using var mySql = await LocalMySql.StartAsync(cancellationToken: ConsumerBench.Stop);
        await using var bench = await StartAsync(mySql, maxElapsed: "00:00:02");
        var coupon = await bench.AddCouponAsync(100);

        await mySql.KillAsync();
        await bench.SendAsync(coupon, 20);
        await ConsumerBench.UntilAsync(() => Task.FromResult(bench.DeadLetterTopic().Count == 20), "20 messages in the dead-letter topic");
        await mySql.StartAgainAsync(ConsumerBench.Stop);

        var letters = await bench.DeadLettersAsync(20);
        Assert.All(letters, letter => Assert.Equal(RejectionCauses.RetriesExhausted, letter.Cause));
        await bench
            .Get<Coupon.Consumers.DeadLetters.DeadLetterReplay>()
            .ReplayAsync(new() { Filter = new(), Actor = "an operator" }, null, ConsumerBench.Stop);
        await bench.DeadLettersAsync(20, DeadLetterState.Resolved);
        await bench.RowsAsync(coupon, 20);
    }

    [Fact]
    public async Task A_dead_letter_that_Kafka_does_not_take_stops_consumption_where_it_is_until_it_does()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: ConsumerBench.Stop);
        var services = await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), kafka, await servers.CreateDatabaseAsync(), partitions: 1);
        await using var bench = await ConsumerBench.StartAsync(services, owns: true, ("Batch:MessageLimit", "1"), ("Batch:Concurrency", "1"));
        var coupon = await bench.AddCouponAsync(100);
        bench.Get<ConsumptionGate>().Pause("until everything is in place");
        await bench.SendAsync(["no message"u8.ToArray()]);
        await bench.SendAsync(coupon, 10);

        // Topic authorization failed, which the client does not repeat by itself; for as long as it is asked.
        await kafka.PushRequestErrorsAsync(ProduceRequest, [.. Enumerable.Repeat(29, 1000)]);
        bench.Get<ConsumptionGate>().Resume();
        await bench.HealthSaysAsync("DeadLettersUnavailable");
        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System, ConsumerBench.Stop);

        // More than two intervals of commits later: it has not moved, what follows is not consumed, and it still says so.
        var (code, health) = await bench.HealthAsync();
        Assert.Equal(503, code);
        Assert.Contains("DeadLettersUnavailable", health, StringComparison.Ordinal);
        Assert.True(Committed(bench) <= 0, "The offset of a message that is in no topic was committed.");
        Assert.Empty(await bench.OrdinalsAsync(coupon));
        Assert.Empty(bench.DeadLetterTopic());

        await kafka.ClearRequestErrorsAsync(ProduceRequest);
        await bench.RowsAsync(coupon, 10);
        Assert.Equal("no message"u8.ToArray(), Assert.Single(bench.DeadLetterTopic()).Message.Value);
        await bench.DeadLettersAsync(1);
        await ConsumerBench.UntilAsync(() => Task.FromResult(Committed(bench) == 11), "the offset to move on");
        Assert.Equal(200, (await bench.HealthAsync()).Code);
    }

    private static async Task<double> LagAsync(ConsumerBench bench)
    {
        using var http = new HttpClient();
        var shown = await http.GetStringAsync(new Uri(bench.Url + "/metrics"), ConsumerBench.Stop);
        return shown
            .Split('\n')
            .Where(line =>
                line.StartsWith("messaging_masstransit_kafka_lag{", StringComparison.Ordinal)
                && line.Contains($"\"{bench.Settings.CouponIssuedTopic}\"", StringComparison.Ordinal)
            )
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    private static long Committed(ConsumerBench bench)
    {
        using var consumer = new Confluent.Kafka.ConsumerBuilder<byte[], byte[]>(
            new Confluent.Kafka.ConsumerConfig { BootstrapServers = bench.Settings.Kafka.ConnectionString, GroupId = bench.Settings.PersistenceGroup }
        ).Build();
        return consumer
            .Committed([new Confluent.Kafka.TopicPartition(bench.Settings.CouponIssuedTopic, 0)], TimeSpan.FromSeconds(10))
            .Single()
            .Offset.Value;
    }

    private async Task<ConsumerBench> StartAsync(LocalMySql mySql, string maxElapsed = "00:10:00", int commandTimeout = 30)
    {
        var database = new MySqlConnector.MySqlConnectionStringBuilder(await TestDatabase.CreateAsync(mySql.ConnectionString))
        {
            DefaultCommandTimeout = (uint)commandTimeout,
            ConnectionTimeout = 2,
        };
        return await ConsumerBench.StartAsync(
            await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), await servers.KafkaAsync(), database.ConnectionString),
            owns: true,
            ("Retry:MaxElapsed", maxElapsed)
        );
    }
}

using System.Globalization;
using Coupon.Consumers.Issuing;
using Coupon.Database;
using Coupon.LocalStack;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.Issuing;

/// <summary>Servers that go away. How long is shortened; <c>COUPON_OUTAGE_SECONDS=120</c> holds the full length.</summary>
public sealed class OutageTests(TestServers servers)
{
    private static readonly TimeSpan _outage = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("COUPON_OUTAGE_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 8);

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
        await mySql.StartAgainAsync(ConsumerBench.Stop);

        await bench.RowsAsync(coupon, sent);
        Assert.Empty(bench.DeadLetterTopic());
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
        await bench.Get<Coupon.Consumers.DeadLetters.DeadLetterReplay>().ReplayAsync(new() { Filter = new(), Actor = "an operator" }, null, ConsumerBench.Stop);
        await bench.DeadLettersAsync(20, DeadLetterState.Resolved);
        await bench.RowsAsync(coupon, 20);
    }

    [Fact]
    public async Task A_dead_letter_that_Kafka_does_not_take_holds_its_batch_until_it_does()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: ConsumerBench.Stop);
        await using var bench = await ConsumerBench.StartAsync(
            await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), kafka, await servers.CreateDatabaseAsync()), owns: true);
        await bench.SendAsync(["no message"u8.ToArray()]);
        await bench.DeadLettersAsync(1);
        await bench.SendAsync(["no message either"u8.ToArray(), "nor this"u8.ToArray()]);

        // Topic authorization failed, which the client does not repeat by itself.
        await kafka.PushRequestErrorsAsync(0, [.. Enumerable.Repeat(29, 6)]);
        await bench.SendAsync(["again"u8.ToArray()]).ContinueWith(_ => { }, TaskScheduler.Default);

        await ConsumerBench.UntilAsync(() => Task.FromResult(bench.DeadLetterTopic().Count >= 3), "the dead letters in their topic");
        await bench.DeadLettersAsync(bench.DeadLetterTopic().Count);
    }

    private async Task<ConsumerBench> StartAsync(LocalMySql mySql, string maxElapsed = "00:10:00", int commandTimeout = 30)
    {
        var database = new MySqlConnector.MySqlConnectionStringBuilder(await TestDatabase.CreateAsync(mySql.ConnectionString))
        {
            DefaultCommandTimeout = (uint)commandTimeout,
            ConnectionTimeout = 2,
        };
        return await ConsumerBench.StartAsync(
            await ServiceSettings.CreateAsync(await LocalRedis.StartAsync(), await servers.KafkaAsync(), database.ConnectionString), owns: true, ("Retry:MaxElapsed", maxElapsed));
    }
}

using System.Globalization;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>A real broker that stands still for a while, or is killed: the groups consume again soon after its return, and nothing is lost.</summary>
public sealed class FrozenBrokerTests(ITestOutputHelper output)
{
    private const int SecondsToConsumeAgain = 15;

    private static readonly int[] _freezes = [5, 8, 12, 20, 40];

    /// <summary>How often each freeze of the matrix is repeated; 0: the matrix is left out.</summary>
    private static readonly int _repetitions = int.TryParse(
        Environment.GetEnvironmentVariable("COUPON_FREEZES"),
        CultureInfo.InvariantCulture,
        out var repetitions
    )
        ? repetitions
        : 0;

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(12, false)]
    [InlineData(14, true)]
    public async Task Groups_consume_again_soon_after_a_freeze(int seconds, bool relayed)
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "KAFKA_HOME names no Kafka installation.");
        await using var brokers = await FrozenBrokers.StartAsync(1, relayed, _cancellation);
        await using var load = await GroupsUnderLoad.StartAsync(brokers.Address, brokers.Brokers[0], _cancellation);

        await FreezeAsync(brokers.Brokers, seconds);

        await load.ConsumesAgainAsync(SecondsToConsumeAgain);
        await load.NothingIsLostAsync(60);
    }

    /// <summary>The worst that a stop can meet: what was sent has no answer, and the connection stays open.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_bus_that_is_stopped_while_its_broker_is_frozen_ends_and_so_does_what_it_was_handling(bool joined)
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "KAFKA_HOME names no Kafka installation.");
        await using var brokers = await FrozenBrokers.StartAsync(1, relayed: true, _cancellation);
        await using var load = await GroupsUnderLoad.StartAsync(brokers.Address, brokers.Brokers[0], _cancellation);

        brokers.Brokers[0].Freeze();

        // Before the session has ended, and after: then the clients were given up, and new ones wait for a broker.
        if (!joined)
            await Eventually.IsTrueAsync(() => load.Logs.Contains("the client is given up"), timeoutSeconds: 30, load.Logs.ToString);
        await load.StopAsync().WaitAsync(TimeSpan.FromSeconds(60), _cancellation);

        Assert.False(load.Logs.Contains("deliveries did not end in time"), load.Logs.ToString());
        brokers.Brokers[0].Thaw();
    }

    [Fact]
    public async Task Groups_consume_again_soon_after_a_broker_was_killed()
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "KAFKA_HOME names no Kafka installation.");
        await using var brokers = await FrozenBrokers.StartAsync(1, relayed: true, _cancellation);
        await using var load = await GroupsUnderLoad.StartAsync(brokers.Address, brokers.Brokers[0], _cancellation);

        await KillAsync(brokers.Brokers[0]);

        await load.ConsumesAgainAsync(SecondsToConsumeAgain);
        await load.NothingIsLostAsync(60);
    }

    /// <summary>Each freeze, and kill and restart, as often as asked for; of three brokers all stand still, or one of them.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Groups_consume_again_after_every_freeze_of_the_matrix(int count, bool relayed)
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "KAFKA_HOME names no Kafka installation.");
        Assert.SkipWhen(_repetitions == 0, "Two hours: set COUPON_FREEZES to how often each freeze is to be repeated, up to 10.");
        await using var brokers = await FrozenBrokers.StartAsync(count, relayed, _cancellation);
        await using var load = await GroupsUnderLoad.StartAsync(brokers.Address, brokers.Brokers[0], _cancellation);
        for (var repetition = 0; repetition < _repetitions; repetition++)
        {
            foreach (var seconds in _freezes)
            {
                var one = brokers.Brokers[(repetition + seconds) % count];
                await FreezeAsync(count > 1 && repetition % 2 == 1 ? [one] : brokers.Brokers, seconds);
                await ConsumesAgainAsync(load, $"{count} {relayed}: frozen {seconds} s");
            }

            await KillAsync(brokers.Brokers[repetition % count]);
            await ConsumesAgainAsync(load, $"{count} {relayed}: killed");
        }

        await load.NothingIsLostAsync(120);
    }

    private static async Task FreezeAsync(IReadOnlyList<LocalKafka> brokers, int seconds)
    {
        foreach (var broker in brokers)
            broker.Freeze();
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, _cancellation);
        foreach (var broker in brokers)
            broker.Thaw();
    }

    private static async Task KillAsync(LocalKafka broker)
    {
        await broker.KillAsync();
        await broker.StartAgainAsync(_cancellation);
    }

    private async Task ConsumesAgainAsync(GroupsUnderLoad load, string what)
    {
        var returned = TimeProvider.System.GetUtcNow();
        await load.ConsumesAgainAsync(SecondsToConsumeAgain);
        var took = TimeProvider.System.GetUtcNow() - returned;
        var line = string.Create(CultureInfo.InvariantCulture, $"{returned:HH:mm:ss.fff} {what}, consumes again after {took.TotalSeconds:F1} s");
        output.WriteLine(line);
        output.WriteLine(load.Logs.Since(returned.AddSeconds(-60)));
        TestContext.Current.SendDiagnosticMessage(line);

        // What came of it is over, also in the group that was not concerned.
        await Eventually.IsTrueAsync(() => load.Health == BusHealthStatus.Healthy, timeoutSeconds: 30, load.Logs.ToString);
    }
}

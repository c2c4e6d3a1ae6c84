using System.Globalization;
using Coupon.LocalStack;
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
        var started = TimeProvider.System.GetTimestamp();
        await load.ConsumesAgainAsync(SecondsToConsumeAgain);
        var took = TimeProvider.System.GetElapsedTime(started);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}, consumes again after {took.TotalSeconds:F1} s"));
        TestContext.Current.SendDiagnosticMessage($"{what}, consumes again after {took.TotalSeconds:F1} s");

        // What came of it is over, also in the group that was not concerned.
        await Eventually.AsyncTrue(() => load.Health == BusHealthStatus.Healthy, timeoutSeconds: 30, load.Logs.ToString);
    }
}

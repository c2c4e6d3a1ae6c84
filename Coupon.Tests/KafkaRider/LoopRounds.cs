using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>
/// Counts the statistics that an endpoint's client gives out, which it does inside a poll only: when some more have come, the loop has had as many
/// occasions to hand out messages. So a test can show that nothing was handed out without a guess at how long that would take.
/// </summary>
internal sealed class LoopRounds
{
    private const int Some = 5;

    private int _rounds;

    /// <summary>Has statistics given out, ten times a second.</summary>
    public static void Configure(IKafkaFactoryConfigurator cluster) => cluster.StatisticsInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Counts them.</summary>
    public void Count(IKafkaTopicReceiveEndpointConfigurator<long, Seat> endpoint) =>
        endpoint.SetStatisticsHandler(_ => Interlocked.Increment(ref _rounds));

    /// <summary>Until the loop has polled some more times.</summary>
    public Task SomeMoreAsync()
    {
        var before = Volatile.Read(ref _rounds);
        return Eventually.IsTrueAsync(() => Volatile.Read(ref _rounds) >= before + Some);
    }
}

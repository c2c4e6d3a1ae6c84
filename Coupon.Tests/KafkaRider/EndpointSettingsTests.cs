using Confluent.Kafka;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>What cannot work is said when the bus is configured, not by an endpoint that fails again and again.</summary>
public sealed class EndpointSettingsTests
{
    private static readonly Dictionary<string, Action<IKafkaTopicReceiveEndpointConfigurator<long, Seat>>> _wrong = new()
    {
        ["PrefetchCount"] = endpoint => endpoint.PrefetchCount = 0,
        ["CheckpointMessageCount"] = endpoint => endpoint.CheckpointMessageCount = 0,
        ["CheckpointInterval"] = endpoint => endpoint.CheckpointInterval = TimeSpan.FromMicroseconds(999),
        ["CheckpointInterval "] = endpoint => endpoint.CheckpointInterval = TimeSpan.FromHours(25),
        ["MessageLimit"] = endpoint => endpoint.MessageLimit = 0,
        ["session.timeout.ms"] = endpoint => endpoint.SessionTimeout = TimeSpan.FromDays(1),
        ["max.poll.interval.ms"] = endpoint => endpoint.MaxPollInterval = TimeSpan.FromSeconds(1),
    };

    public static TheoryData<string> Wrong => [.. _wrong.Keys];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_setting_that_cannot_work_is_refused_by_name(string name)
    {
        var refused = Assert.Throws<ConfigurationException>(() => new SeatEndpoint("seats", new SeatLog()) { Configure = _wrong[name] }.Messages(new GivenBroker("localhost:1")));

        Assert.Contains(name.Trim(), refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_that_the_client_does_not_know_is_refused_by_name()
    {
        var settings = new ConsumerConfig { GroupId = "seats" };
        settings.Set("no.such.property", "1");

        var refused = Assert.Throws<ConfigurationException>(() => RiderBus.Create(new GivenBroker("localhost:1"),
            configure: (_, cluster) => cluster.TopicEndpoint<Seat>("seats", settings, endpoint => endpoint.Handler<Seat>(_ => Task.CompletedTask))));

        Assert.Contains("no.such.property", refused.ToString(), StringComparison.Ordinal);
    }
}

using Confluent.Kafka;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>The application's handler that gets a token for the broker.</summary>
public sealed class TokenRefreshTests
{
    private readonly SeatLog _log = new();

    [Fact]
    public async Task A_handler_that_throws_ends_no_client_but_is_asked_again_later()
    {
        await using var bus = RiderBus.Create(
            new GivenBroker("localhost:1"),
            configure: (_, cluster) =>
            {
                cluster.SecurityProtocol = SecurityProtocol.SaslPlaintext;
                cluster.OAuthBearerTokenRefreshHandler((_, _) => throw new InvalidOperationException("the identity server is away"));
                cluster.TopicEndpoint<Seat>("secured", "refreshing", endpoint => endpoint.Consumer(() => new SeatBatchConsumer(_log)));
            },
            host: host => host.UseSasl(sasl => sasl.Mechanism = SaslMechanism.OAuthBearer)
        );
        _ = bus.StartAsync();

        await Eventually.IsTrueAsync(() => bus.Logs.Contains("the identity server is away"), timeoutSeconds: 15, bus.Logs.ToString);
        await Eventually.IsTrueAsync(() => bus.Logs.Contains("no token"), timeoutSeconds: 15, bus.Logs.ToString);
        Assert.False(bus.Logs.Contains("is opened again"), bus.Logs.ToString());
    }
}

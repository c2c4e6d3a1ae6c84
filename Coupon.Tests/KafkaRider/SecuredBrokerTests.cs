using Confluent.Kafka;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>A real broker whose listener wants TLS and a password.</summary>
public sealed class SecuredBrokerTests
{
    private readonly SeatLog _log = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_that_creates_a_topic_asks_for_a_token_too()
    {
        var asked = new TaskCompletionSource<string>();
        await using var bus = RiderBus.Create(
            new GivenBroker("localhost:1"),
            configure: (_, cluster) =>
            {
                cluster.SecurityProtocol = SecurityProtocol.SaslPlaintext;
                cluster.OAuthBearerTokenRefreshHandler(
                    (client, _) =>
                    {
                        client.OAuthBearerSetTokenFailure("there is none");
                        asked.TrySetResult(client.Name);
                    }
                );
                cluster.TopicEndpoint<Seat>("secured", "creating", endpoint =>
                {
                    endpoint.CreateIfMissing(topic => topic.RequestTimeout = TimeSpan.FromSeconds(20));
                    endpoint.Consumer(() => new SeatBatchConsumer(_log));
                });
            },
            host: host => host.UseSasl(sasl => sasl.Mechanism = SaslMechanism.OAuthBearer)
        );
        var starting = bus.StartAsync();

        // The endpoint's own client is not opened before the topic exists, and an admin client calls itself a producer.
        Assert.Contains("producer", await asked.Task.WaitAsync(TimeSpan.FromSeconds(15), _cancellation), StringComparison.Ordinal);
        Assert.False(starting.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Producers_and_consumers_get_in_with_TLS_and_the_password_and_stay_outside_unhealthy_without_it()
    {
        Assert.SkipUnless(LocalKafka.IsInstalled, "There is no Kafka installation.");
        await using var kafka = await SecuredKafka.StartAsync(_cancellation);
        var topic = UniqueName.From("secured");
        await kafka.Open.CreateTopicAsync(topic, 1, _cancellation);
        RiderBus Bus(string password, string group) =>
            RiderBus.Create(
                new GivenBroker(kafka.BootstrapServers),
                configure: (_, cluster) =>
                {
                    cluster.SecurityProtocol = SecurityProtocol.SaslSsl;
                    cluster.BrokerAddressFamily = BrokerAddressFamily.V4;
                    cluster.TopicEndpoint<Seat>(topic, group, endpoint =>
                    {
                        endpoint.AutoOffsetReset = AutoOffsetReset.Earliest;
                        endpoint.Consumer(() => new SeatBatchConsumer(_log));
                    });
                },
                host: host =>
                {
                    host.UseSsl(ssl => ssl.SslCaPem = kafka.Certificate);
                    host.UseSasl(sasl =>
                    {
                        sasl.Mechanism = SaslMechanism.Plain;
                        sasl.Username = SecuredKafka.User;
                        sasl.Password = password;
                    });
                }
            );

        await using (var bus = await Bus(SecuredKafka.Password, "inside").StartAsync())
        {
            await bus.ProduceAsync(topic, 1, 10);
            await _log.AllAsync(10);
            Assert.Equal(BusHealthStatus.Healthy, bus.Bus.CheckHealth().Status);
        }

        await using var outside = Bus("cardboard", "outside");
        var starting = outside.StartAsync();
        await Eventually.IsTrueAsync(() => outside.Logs.Contains("Local_Authentication"), timeoutSeconds: 20, () => outside.Logs.ToString());
        Assert.NotEqual(BusHealthStatus.Healthy, outside.Bus.CheckHealth().Status);
        Assert.False(starting.IsCompletedSuccessfully);
        Assert.DoesNotContain("cardboard", outside.Logs.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _log.Repeated);
    }
}

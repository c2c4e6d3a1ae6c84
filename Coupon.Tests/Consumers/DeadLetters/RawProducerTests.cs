using Confluent.Kafka;
using Coupon.Consumers.DeadLetters;
using Coupon.LocalServers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Consumers.DeadLetters;

public sealed class RawProducerTests
{
    private const int InitProducerId = 22;
    private const int ClusterAuthorizationFailed = 31;

    private static CancellationToken _cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_client_has_given_up_for_good_the_next_attempts_have_another()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: _cancel);
        await kafka.CreateTopicAsync("letters", 1, _cancel);
        await kafka.PushRequestErrorsAsync(InitProducerId, ClusterAuthorizationFailed);
        using var producer = new RawProducer(new ClientConfig { BootstrapServers = kafka.ConnectionString });
        await Assert.ThrowsAnyAsync<KafkaException>(SendAsync);

        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    await SendAsync();
                    return true;
                }
                catch (KafkaException)
                {
                    return false;
                }
            },
            "it is sent"
        );

        Task SendAsync() => producer.SendAsync("letters", null, "a letter"u8.ToArray(), [], _cancel);
    }
}

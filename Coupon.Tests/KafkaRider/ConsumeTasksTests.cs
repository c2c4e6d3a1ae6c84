using Coupon.Tests.Servers;

namespace Coupon.Tests.KafkaRider;

/// <summary>What a consumer hands to its context to be waited for.</summary>
public sealed class ConsumeTasksTests(TestServers servers)
{
    private readonly SeatLog _log = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_is_done_when_what_was_added_to_its_context_is_and_delivered_again_where_that_fails(bool batches)
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("tasks", 1);
        var attempts = 0;
        async Task Later(int attempt)
        {
            await Task.Yield();
            if (attempt == 1)
                throw new InvalidOperationException("failed after the consumer had returned");
        }

        var endpoint = new SeatEndpoint(topic, _log)
        {
            OnBatch = context =>
            {
                context.Message[0].AddConsumeTask(Later(Interlocked.Increment(ref attempts)));
                return Task.CompletedTask;
            },
            OnMessage = context =>
            {
                context.AddConsumeTask(Later(Interlocked.Increment(ref attempts)));
                return Task.CompletedTask;
            },
        };
        await using var bus = await (batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync();
        await RawKafka.ProduceSeatsAsync(kafka, topic, 1, 1);

        await Eventually.IsTrueAsync(() => Volatile.Read(ref attempts) == 2, timeoutSeconds: 20, bus.Logs.ToString);
        await Eventually.IsTrueAsync(() => RawKafka.Committed(kafka, topic, endpoint.Group, 1)[0] == 1);
    }
}

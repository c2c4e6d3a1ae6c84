using Coupon.Tests.Servers;
using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>A bus that is stopped while others produce: a call that met a client being destroyed would end the process.</summary>
public sealed class StoppedProducerTests(TestServers servers)
{
    private const int Rounds = 30;
    private const int Producing = 8;

    [Fact]
    public async Task Whoever_produces_while_the_bus_stops_is_answered_and_the_process_lives()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("stopped", 1);
        await using var bus = RiderBus.Create(kafka);
        var (sent, refused) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            await bus.StartAsync();
            var producer = bus.Producer<long>(topic);
            using var over = new CancellationTokenSource();
            var producing = Enumerable.Range(0, Producing).Select(_ => Task.Run(() => ProduceAsync(producer, over.Token))).ToList();
            await producer.Produce(1, new Seat(1), TestContext.Current.CancellationToken);

            await bus.StopAsync();

            await over.CancelAsync();
            foreach (var (ofIt, refusedOfIt) in await Task.WhenAll(producing))
                (sent, refused) = (sent + ofIt, refused + refusedOfIt);
        }

        Assert.True(sent > Rounds, $"Only {sent} were sent.");
        Assert.True(refused > 0, "Nobody produced when the bus had stopped.");
    }

    // As many at a time as a crowd does: it does not wait for the answer to one before it sends the next.
    private static async Task<(int Sent, int Refused)> ProduceAsync(ITopicProducer<long, Seat> producer, CancellationToken over)
    {
        var answers = new List<Task>();
        while (!over.IsCancellationRequested)
        {
            answers.Add(producer.Produce(1, new Seat(1), CancellationToken.None));
            if (answers.Count % 100 == 0)
                await Task.Yield();
            if (answers[^1].IsFaulted)
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }

        await Task.WhenAll(answers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return (answers.Count(answer => answer.IsCompletedSuccessfully), answers.Count(answer => !answer.IsCompletedSuccessfully));
    }
}

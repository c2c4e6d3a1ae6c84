using System.Collections.Concurrent;
using System.Diagnostics;
using Coupon.Tests.Servers;
using MassTransit.Logging;

namespace Coupon.Tests.KafkaRider;

/// <summary>What producing leaves behind in the flow of its caller: nothing.</summary>
public sealed class TracedProducerTests(TestServers servers)
{
    private readonly ConcurrentQueue<Activity> _sent = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_that_are_under_way_together_are_siblings_in_their_trace_and_the_caller_keeps_its_own_activity()
    {
        var topic = await servers.CreateTopicAsync("siblings", 1);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DiagnosticHeaders.DefaultListenerName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.DisplayName.Contains(topic, StringComparison.Ordinal))
                    _sent.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var bus = await RiderBus.Create(await servers.KafkaAsync()).StartAsync();
        var producer = bus.Producer<long>(topic);
        using var request = new Activity("request").Start();

        List<Task> produced = [];
        foreach (var number in Enumerable.Range(1, 3))
        {
            produced.Add(producer.Produce(number, new Seat(number), _cancellation));
            Assert.Same(request, Activity.Current);
        }

        await Task.WhenAll(produced);
        await Eventually.IsTrueAsync(() => _sent.Count == 3);
        Assert.All(_sent, activity => Assert.Equal(request.SpanId, activity.ParentSpanId));
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Coupon.Tests.Servers;
using MassTransit.Logging;
using MassTransit.Monitoring;

namespace Coupon.Tests.KafkaRider;

/// <summary>What OpenTelemetry sees when it is told <c>AddSource("MassTransit")</c> and <c>AddMeter("MassTransit")</c>.</summary>
public sealed class TelemetryTests(TestServers servers)
{
    private readonly SeatLog _log = new();
    private readonly ConcurrentQueue<Activity> _activities = new();
    private readonly ConcurrentQueue<string> _measurements = new();

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_trace_leads_from_whoever_produces_to_whoever_consumes_a_single_message()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("trace-single", 1);
        using var listener = Listen(topic);
        var consumedIn = new TaskCompletionSource<ActivityTraceId>();
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            OnMessage = _ =>
            {
                consumedIn.TrySetResult(Activity.Current?.TraceId ?? default);
                return Task.CompletedTask;
            },
        }
            .Messages(kafka)
            .StartAsync();
        using var request = new Activity("request").Start();

        await bus.Producer<long>(topic).Produce(1, new Seat(1), _cancellation);

        Assert.Equal(request.TraceId, await consumedIn.Task.WaitAsync(TimeSpan.FromSeconds(60), _cancellation));
        await Eventually.IsTrueAsync(() => _activities.Any(activity => activity.Kind == ActivityKind.Producer));
        var sent = Assert.Single(_activities, activity => activity.Kind == ActivityKind.Producer);
        await Eventually.IsTrueAsync(
            () => _activities.Any(activity => activity.Kind == ActivityKind.Consumer && activity.ParentSpanId == sent.SpanId),
            otherwise: () => string.Join('\n', _activities.Select(activity => $"{activity.Kind} {activity.DisplayName} {activity.ParentSpanId}"))
        );
        Assert.Equal("MassTransit", sent.Source.Name);
        Assert.Equal(request.SpanId, sent.ParentSpanId);
        Assert.All(_activities, activity => Assert.Equal(request.TraceId, activity.TraceId));
        Assert.Equal("kafka", sent.GetTagItem(DiagnosticHeaders.Messaging.System));
    }

    [Fact]
    public async Task A_batch_is_one_activity_linked_to_where_each_message_came_from_and_an_error_where_it_throws()
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("trace-batch", 1);
        using var listener = Listen(topic);
        var failures = 1;
        ConcurrentQueue<ActivityTraceId?> handledIn = [];
        await using var bus = await new SeatEndpoint(topic, _log)
        {
            Batch = 3,
            TimeLimit = TimeSpan.FromSeconds(5),
            OnBatch = _ =>
            {
                handledIn.Enqueue(Activity.Current?.TraceId);
                return Interlocked.Decrement(ref failures) >= 0 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
            },
        }
            .Batches(kafka)
            .StartAsync();

        await bus.ProduceAsync(topic, 1, 3);
        await _log.AllAsync(3);

        // The consumer has its own within it, as with a single message, of the same name.
        bool IsOfBatch(Activity activity) => activity.GetTagItem("messaging.batch.message_count") is 3;
        await Eventually.IsTrueAsync(
            () => _activities.Count(IsOfBatch) == 2,
            otherwise: () => string.Join('\n', _activities.Select(activity => activity.DisplayName))
        );
        var sent = _activities.Where(activity => activity.Kind == ActivityKind.Producer).Select(activity => activity.SpanId).ToHashSet();
        var received = _activities.Where(IsOfBatch).ToList();
        Assert.Equal(3, sent.Count);
        Assert.All(received, activity => Assert.Equal(sent, activity.Links.Select(link => link.Context.SpanId).ToHashSet()));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Unset], received.Select(activity => activity.Status));
        Assert.Equal(received.Select(activity => (ActivityTraceId?)activity.TraceId), handledIn);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sends_and_receives_are_counted_on_MassTransits_meter(bool batches)
    {
        var kafka = await servers.KafkaAsync();
        var topic = await servers.CreateTopicAsync("metrics", 1);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == InstrumentationOptions.MeterName)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(topic, instrument, value, tags));
        listener.Start();
        var endpoint = new SeatEndpoint(topic, _log);
        await using var bus = await (batches ? endpoint.Batches(kafka) : endpoint.Messages(kafka)).StartAsync();

        await bus.ProduceAsync(topic, 1, 5);
        await _log.AllAsync(5);

        await Eventually.IsTrueAsync(
            () => Counted("messaging.masstransit.send") == 5 && Counted("messaging.masstransit.receive") == 5,
            timeoutSeconds: 10,
            () => string.Join('\n', _measurements)
        );
    }

    private int Counted(string name) => _measurements.Count(measurement => measurement == $"{name} 1");

    private void Note(string topic, Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Value is not string text || !text.Contains(topic, StringComparison.Ordinal))
                continue;
            _measurements.Enqueue($"{instrument.Name} {value}");
            return;
        }
    }

    private ActivityListener Listen(string topic)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DiagnosticHeaders.DefaultListenerName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.DisplayName.Contains(topic, StringComparison.Ordinal))
                    _activities.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}

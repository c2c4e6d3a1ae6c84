using System.Diagnostics;
using MassTransit.Logging;
using MassTransit.Observables;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Who watches a batch: receive and consume observers see each message, metrics count each, and one activity covers the batch, linked to where the
/// messages came from. What nobody watches is not done.
/// </summary>
internal sealed class BatchObservers<TKey, TValue>(KafkaEndpointContext<TKey, TValue> endpoint, ConsumeObservable consuming)
    where TValue : class
{
    private static readonly ActivitySource _source = new(DiagnosticHeaders.DefaultListenerName);

    private readonly string _activityName = KafkaSpans.ProcessingName(endpoint.Topic);

    /// <summary>Begins what watches by itself: the activity, current in the flow of whoever calls, and the metrics.</summary>
    public Observed Start(IReadOnlyList<BatchMessage<TKey, TValue>> messages) =>
        new(this, messages) { Activity = _source.HasListeners() ? StartActivity(messages) : null, Instruments = StartInstruments(messages) };

    private Activity? StartActivity(IReadOnlyList<BatchMessage<TKey, TValue>> messages)
    {
        var links = messages
            .Select(message => KafkaSpans.Origin(message.Received.TransportHeaders))
            .OfType<ActivityContext>()
            .Distinct()
            .Select(origin => new ActivityLink(origin));
        var activity = _source.CreateActivity(_activityName, ActivityKind.Consumer, default(ActivityContext), links: links);
        if (activity is null)
            return null;
        KafkaSpans.Processing(activity, endpoint.Topic, endpoint.GroupId, messages.Count);
        activity.SetTag(DiagnosticHeaders.InputAddress, endpoint.InputAddress.ToString());
        return activity.Start();
    }

    private List<StartedInstrument>? StartInstruments(IReadOnlyList<BatchMessage<TKey, TValue>> messages)
    {
        List<StartedInstrument>? instruments = null;
        foreach (var message in messages)
        {
            if (endpoint.LogContext.StartReceiveInstrument(message.Received) is not { } instrument)
                break;
            (instruments ??= new List<StartedInstrument>(messages.Count)).Add(instrument);
        }

        return instruments;
    }

    internal sealed class Observed(BatchObservers<TKey, TValue> observers, IReadOnlyList<BatchMessage<TKey, TValue>> messages)
    {
        public Activity? Activity { get; init; }

        public List<StartedInstrument>? Instruments { get; init; }

        /// <summary>Tells the observers that it begins.</summary>
        public async ValueTask Begin()
        {
            if (Listeners.Any(observers.Receiving))
            {
                foreach (var message in messages)
                    await observers.Receiving.PreReceive(message.Received).ConfigureAwait(false);
            }

            if (observers.HasConsumeObservers)
            {
                foreach (var message in messages)
                    await observers.Consuming.PreConsume<TValue>(message).ConfigureAwait(false);
            }
        }

        public async Task Completed()
        {
            if (observers.HasConsumeObservers)
            {
                foreach (var message in messages)
                    await observers.Consuming.PostConsume<TValue>(message).ConfigureAwait(false);
            }

            if (Listeners.Any(observers.Receiving))
            {
                foreach (var message in messages)
                    await observers.Receiving.PostReceive(message.Received).ConfigureAwait(false);
            }

            End();
        }

        /// <summary>It failed; whatever an observer throws at that, the activity and the metrics end.</summary>
        public async Task Faulted(Exception exception)
        {
            try
            {
                if (observers.HasConsumeObservers)
                {
                    foreach (var message in messages)
                        await observers.Consuming.ConsumeFault<TValue>(message, exception).ConfigureAwait(false);
                }

                if (Listeners.Any(observers.Receiving))
                {
                    foreach (var message in messages)
                        await observers.Receiving.ReceiveFault(message.Received, exception).ConfigureAwait(false);
                }
            }
            finally
            {
                Activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
                Activity?.AddException(exception);
                foreach (var instrument in Instruments ?? [])
                    instrument.AddException(exception);
                End();
            }
        }

        private void End()
        {
            Activity?.Dispose();
            foreach (var instrument in Instruments ?? [])
                instrument.Stop();
        }
    }

    private ConsumeObservable Consuming => consuming;

    private ReceiveObservable Receiving => endpoint.Receiving;

    private bool HasConsumeObservers => Listeners.Any(consuming);
}

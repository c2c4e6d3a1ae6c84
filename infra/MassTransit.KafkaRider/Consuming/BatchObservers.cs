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

    private readonly string _activityName = $"{endpoint.Topic} receive";

    public async ValueTask<Observed> Begin(List<KafkaReceiveContext<TKey, TValue>> contexts, List<ConsumeContext<TValue>> messages)
    {
        var observed = new Observed(this, contexts, messages);
        if (_source.HasListeners()) observed.Activity = StartActivity(contexts);
        observed.Instruments = StartInstruments(contexts);
        if (endpoint.Receiving.Count > 0)
        {
            foreach (var context in contexts) await endpoint.Receiving.PreReceive(context).ConfigureAwait(false);
        }

        if (consuming.Count > 0)
        {
            foreach (var message in messages) await consuming.PreConsume(message).ConfigureAwait(false);
        }

        return observed;
    }

    private Activity? StartActivity(List<KafkaReceiveContext<TKey, TValue>> contexts)
    {
        var links = contexts
            .Select(context => context.TransportHeaders.Get<string>(DiagnosticHeaders.ActivityId, null))
            .Where(id => id is not null)
            .Distinct()
            .Select(id => ActivityContext.TryParse(id, null, isRemote: true, out var parent) ? new ActivityLink(parent) : default)
            .Where(link => link.Context != default);
        var activity = _source.CreateActivity(_activityName, ActivityKind.Consumer, default(ActivityContext), links: links);
        activity?.SetTag(DiagnosticHeaders.Messaging.Operation, "receive");
        activity?.SetTag(DiagnosticHeaders.Messaging.System, KafkaAddress.Prefix);
        activity?.SetTag(DiagnosticHeaders.Messaging.DestinationName, endpoint.Topic);
        activity?.SetTag(DiagnosticHeaders.InputAddress, endpoint.InputAddress.ToString());
        return activity?.Start();
    }

    private List<StartedInstrument>? StartInstruments(List<KafkaReceiveContext<TKey, TValue>> contexts)
    {
        List<StartedInstrument>? instruments = null;
        foreach (var context in contexts)
        {
            if (endpoint.LogContext.StartReceiveInstrument(context) is not { } instrument) break;
            (instruments ??= new List<StartedInstrument>(contexts.Count)).Add(instrument);
        }

        return instruments;
    }

    internal sealed class Observed(BatchObservers<TKey, TValue> observers, List<KafkaReceiveContext<TKey, TValue>> contexts, List<ConsumeContext<TValue>> messages)
    {
        public Activity? Activity { get; set; }

        public List<StartedInstrument>? Instruments { get; set; }

        public async Task Completed()
        {
            if (observers.HasConsumeObservers)
            {
                foreach (var message in messages) await observers.Consuming.PostConsume(message).ConfigureAwait(false);
            }

            if (observers.Receiving.Count > 0)
            {
                foreach (var context in contexts) await observers.Receiving.PostReceive(context).ConfigureAwait(false);
            }

            End();
        }

        public async Task Faulted(Exception exception)
        {
            if (observers.HasConsumeObservers)
            {
                foreach (var message in messages) await observers.Consuming.ConsumeFault(message, exception).ConfigureAwait(false);
            }

            if (observers.Receiving.Count > 0)
            {
                foreach (var context in contexts) await observers.Receiving.ReceiveFault(context, exception).ConfigureAwait(false);
            }

            Activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            Activity?.AddException(exception);
            foreach (var instrument in Instruments ?? []) instrument.AddException(exception);
            End();
        }

        private void End()
        {
            Activity?.Dispose();
            foreach (var instrument in Instruments ?? []) instrument.Stop();
        }
    }

    private ConsumeObservable Consuming => consuming;

    private ReceiveObservable Receiving => endpoint.Receiving;

    private bool HasConsumeObservers => consuming.Count > 0;
}

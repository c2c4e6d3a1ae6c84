using MassTransit.Observables;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>Whoever observes a producer: those of the producer, of the rider and of the bus. Usually nobody, and then it costs nothing.</summary>
internal sealed class SendObservers(params IEnumerable<SendObservable> observables)
{
    private readonly SendObservable[] _observables = [.. observables];

    public bool Any
    {
        get
        {
            foreach (var observable in _observables)
            {
                if (observable.Count > 0)
                    return true;
            }

            return false;
        }
    }

    public Task PreSend<T>(SendContext<T> context)
        where T : class => Task.WhenAll(_observables.Select(observable => observable.PreSend(context)));

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Task.WhenAll(_observables.Select(observable => observable.PostSend(context)));

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Task.WhenAll(_observables.Select(observable => observable.SendFault(context, exception)));
}

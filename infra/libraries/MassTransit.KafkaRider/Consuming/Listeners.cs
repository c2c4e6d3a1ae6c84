using MassTransit.Observables;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Whether anybody listens. MassTransit connects the bus's observers to each endpoint's as one that passes on, so there is always one; it may have
/// nobody to pass on to.
/// </summary>
internal static class Listeners
{
    public static bool Any(ReceiveObservable observers) =>
        observers.Count > 0 && !observers.All(observer => observer is ReceiveObservable passingOn && !Any(passingOn));

    public static bool Any(ConsumeObservable observers) =>
        observers.Count > 0 && !observers.All(observer => observer is ConsumeObservable passingOn && !Any(passingOn));
}

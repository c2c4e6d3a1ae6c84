using MassTransit.Observables;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// The endpoint's pipe, which also remembers who observes consumption: batches do not pass through it, and their messages are observed all the same
/// (the test harness's <c>Consumed</c>, for one).
/// </summary>
internal sealed class ObservedReceivePipe(IReceivePipe pipe, ConsumeObservable observers) : IReceivePipe
{
    public Task Connected => pipe.Connected;

    public Task Send(ReceiveContext context) => pipe.Send(context);

    public void Probe(ProbeContext context) => pipe.Probe(context);

    public ConnectHandle ConnectConsumeObserver(IConsumeObserver observer) =>
        new BothHandles(pipe.ConnectConsumeObserver(observer), observers.Connect(observer));

    public ConnectHandle ConnectConsumeMessageObserver<T>(IConsumeMessageObserver<T> observer)
        where T : class => pipe.ConnectConsumeMessageObserver(observer);

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe1)
        where T : class => pipe.ConnectConsumePipe(pipe1);

    public ConnectHandle ConnectConsumePipe<T>(IPipe<ConsumeContext<T>> pipe1, ConnectPipeOptions options)
        where T : class => pipe.ConnectConsumePipe(pipe1, options);

    public ConnectHandle ConnectRequestPipe<T>(Guid requestId, IPipe<ConsumeContext<T>> pipe1)
        where T : class => pipe.ConnectRequestPipe(requestId, pipe1);

    private sealed class BothHandles(ConnectHandle first, ConnectHandle second) : ConnectHandle
    {
        public void Disconnect()
        {
            first.Disconnect();
            second.Disconnect();
        }

        public void Dispose() => Disconnect();
    }
}

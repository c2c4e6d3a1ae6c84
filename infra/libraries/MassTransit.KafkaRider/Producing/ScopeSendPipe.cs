using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Producing;

/// <summary>Gives a message what its scope knows: the services, for scoped filters, and the ids of the message that is being consumed.</summary>
internal sealed class ScopeSendPipe(IServiceProvider services, ConsumeContext? consuming)
{
    public Task Send<T>(SendContext<T> context)
        where T : class
    {
        context.GetOrAddPayload(() => services);
        if (consuming is not null)
            context.TransferConsumeContextHeaders(consuming);
        return Task.CompletedTask;
    }
}

/// <summary>The scope's part, before the pipe of the message itself.</summary>
internal sealed class ScopeSendPipe<TKey, TValue>(ScopeSendPipe scope, IPipe<KafkaSendContext<TKey, TValue>>? pipe)
    : IPipe<KafkaSendContext<TKey, TValue>>,
        ISendContextPipe
    where TValue : class
{
    public Task Send<T>(SendContext<T> context)
        where T : class => scope.Send(context);

    public Task Send(KafkaSendContext<TKey, TValue> context) => pipe is null ? Task.CompletedTask : pipe.Send(context);

    public void Probe(ProbeContext context) => pipe?.Probe(context);
}

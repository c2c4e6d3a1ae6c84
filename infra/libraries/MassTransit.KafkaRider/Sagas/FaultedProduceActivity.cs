using MassTransit.SagaStateMachine;

namespace MassTransit.KafkaIntegration.Sagas;

/// <summary>Produces a message when an activity has failed with an exception of a type, for whatever event.</summary>
internal sealed class FaultedProduceActivity<TSaga, TException, TMessage>(
    ContextMessageFactory<BehaviorExceptionContext<TSaga, TException>, TMessage> message
) : IStateMachineActivity<TSaga>
    where TSaga : class, SagaStateMachineInstance
    where TException : Exception
    where TMessage : class
{
    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope("produce");

    public Task Execute(BehaviorContext<TSaga> context, IBehavior<TSaga> next) => next.Execute(context);

    public Task Execute<T>(BehaviorContext<TSaga, T> context, IBehavior<TSaga, T> next)
        where T : class => next.Execute(context);

    public async Task Faulted<TOther>(BehaviorExceptionContext<TSaga, TOther> context, IBehavior<TSaga> next)
        where TOther : Exception
    {
        if (context is BehaviorExceptionContext<TSaga, TException> failed)
            await TopicMessages.Produce(failed, message).ConfigureAwait(false);
        await next.Faulted(context).ConfigureAwait(false);
    }

    public async Task Faulted<T, TOther>(BehaviorExceptionContext<TSaga, T, TOther> context, IBehavior<TSaga, T> next)
        where T : class
        where TOther : Exception
    {
        if (context is BehaviorExceptionContext<TSaga, TException> failed)
            await TopicMessages.Produce(failed, message).ConfigureAwait(false);
        await next.Faulted(context).ConfigureAwait(false);
    }
}

/// <summary>Produces a message when an activity of an event has failed with an exception of a type.</summary>
internal sealed class FaultedProduceActivity<TSaga, TData, TException, TMessage>(
    ContextMessageFactory<BehaviorExceptionContext<TSaga, TData, TException>, TMessage> message
) : IStateMachineActivity<TSaga, TData>
    where TSaga : class, SagaStateMachineInstance
    where TData : class
    where TException : Exception
    where TMessage : class
{
    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope("produce");

    public Task Execute(BehaviorContext<TSaga, TData> context, IBehavior<TSaga, TData> next) => next.Execute(context);

    public async Task Faulted<TOther>(BehaviorExceptionContext<TSaga, TData, TOther> context, IBehavior<TSaga, TData> next)
        where TOther : Exception
    {
        if (context is BehaviorExceptionContext<TSaga, TData, TException> failed)
            await TopicMessages.Produce(failed, message).ConfigureAwait(false);
        await next.Faulted(context).ConfigureAwait(false);
    }
}

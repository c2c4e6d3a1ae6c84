using MassTransit.SagaStateMachine;

namespace MassTransit.KafkaIntegration.Sagas;

/// <summary>Produces a message for whatever event.</summary>
internal sealed class ProduceActivity<TSaga, TMessage>(ContextMessageFactory<BehaviorContext<TSaga>, TMessage> message) : IStateMachineActivity<TSaga>
    where TSaga : class, SagaStateMachineInstance
    where TMessage : class
{
    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope("produce");

    public async Task Execute(BehaviorContext<TSaga> context, IBehavior<TSaga> next)
    {
        await TopicMessages.Produce(context, message).ConfigureAwait(false);
        await next.Execute(context).ConfigureAwait(false);
    }

    public async Task Execute<T>(BehaviorContext<TSaga, T> context, IBehavior<TSaga, T> next)
        where T : class
    {
        await TopicMessages.Produce(context, message).ConfigureAwait(false);
        await next.Execute(context).ConfigureAwait(false);
    }

    public Task Faulted<TException>(BehaviorExceptionContext<TSaga, TException> context, IBehavior<TSaga> next)
        where TException : Exception => next.Faulted(context);

    public Task Faulted<T, TException>(BehaviorExceptionContext<TSaga, T, TException> context, IBehavior<TSaga, T> next)
        where T : class
        where TException : Exception => next.Faulted(context);
}

/// <summary>Produces a message that is made from an event's.</summary>
internal sealed class ProduceActivity<TSaga, TData, TMessage>(ContextMessageFactory<BehaviorContext<TSaga, TData>, TMessage> message)
    : IStateMachineActivity<TSaga, TData>
    where TSaga : class, SagaStateMachineInstance
    where TData : class
    where TMessage : class
{
    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope("produce");

    public async Task Execute(BehaviorContext<TSaga, TData> context, IBehavior<TSaga, TData> next)
    {
        await TopicMessages.Produce(context, message).ConfigureAwait(false);
        await next.Execute(context).ConfigureAwait(false);
    }

    public Task Faulted<TException>(BehaviorExceptionContext<TSaga, TData, TException> context, IBehavior<TSaga, TData> next)
        where TException : Exception => next.Faulted(context);
}

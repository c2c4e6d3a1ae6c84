using MassTransit.KafkaIntegration.Sagas;
using MassTransit.SagaStateMachine;

namespace MassTransit;

/// <summary>
/// Activities of a state machine that produce a message to the topic whose producer is registered for its type
/// (<c>AddProducer&lt;T&gt;</c>, or <c>AddProducer&lt;TKey, T&gt;</c> with a key resolver).
/// </summary>
public static class ProduceExtensions
{
    /// <summary>Produces a message.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="message">The message.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static EventActivityBinder<TInstance> Produce<TInstance, TMessage>(
        this EventActivityBinder<TInstance> source,
        TMessage message,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TMessage : class => source.Add(new ProduceActivity<TInstance, TMessage>(MessageFactory<TMessage>.Create(message, contextCallback)));

    /// <summary>Produces a message.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="message">The message, once it is there.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static EventActivityBinder<TInstance> Produce<TInstance, TMessage>(
        this EventActivityBinder<TInstance> source,
        Task<TMessage> message,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TMessage : class => source.Add(new ProduceActivity<TInstance, TMessage>(MessageFactory<TMessage>.Create(message, contextCallback)));

    /// <summary>Produces a message.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="messageFactory">Makes the message.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static EventActivityBinder<TInstance> Produce<TInstance, TMessage>(
        this EventActivityBinder<TInstance> source,
        AsyncEventMessageFactory<TInstance, TMessage> messageFactory,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TMessage : class =>
        source.Add(new ProduceActivity<TInstance, TMessage>(MessageFactory<TMessage>.Create(messageFactory, contextCallback)));

    /// <summary>Produces a message.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="messageFactory">Makes the message, as <c>context.Init</c> does.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static EventActivityBinder<TInstance> Produce<TInstance, TMessage>(
        this EventActivityBinder<TInstance> source,
        Func<BehaviorContext<TInstance>, Task<SendTuple<TMessage>>> messageFactory,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TMessage : class =>
        source.Add(new ProduceActivity<TInstance, TMessage>(MessageFactory<TMessage>.Create(messageFactory, contextCallback)));

    /// <summary>Produces a message.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="message">The message.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TData">Type of the event's message.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static EventActivityBinder<TInstance, TData> Produce<TInstance, TData, TMessage>(
        this EventActivityBinder<TInstance, TData> source,
        TMessage message,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TMessage : class =>
        source.Add(new ProduceActivity<TInstance, TData, TMessage>(MessageFactory<TMessage>.Create(message, contextCallback)));

    /// <summary>Produces a message.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="message">The message, once it is there.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TData">Type of the event's message.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static EventActivityBinder<TInstance, TData> Produce<TInstance, TData, TMessage>(
        this EventActivityBinder<TInstance, TData> source,
        Task<TMessage> message,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TMessage : class =>
        source.Add(new ProduceActivity<TInstance, TData, TMessage>(MessageFactory<TMessage>.Create(message, contextCallback)));

    /// <summary>Produces a message.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="messageFactory">Makes the message.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TData">Type of the event's message.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static EventActivityBinder<TInstance, TData> Produce<TInstance, TData, TMessage>(
        this EventActivityBinder<TInstance, TData> source,
        AsyncEventMessageFactory<TInstance, TData, TMessage> messageFactory,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TMessage : class =>
        source.Add(new ProduceActivity<TInstance, TData, TMessage>(MessageFactory<TMessage>.Create(messageFactory, contextCallback)));

    /// <summary>Produces a message.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="messageFactory">Makes the message, as <c>context.Init</c> does.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TData">Type of the event's message.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static EventActivityBinder<TInstance, TData> Produce<TInstance, TData, TMessage>(
        this EventActivityBinder<TInstance, TData> source,
        Func<BehaviorContext<TInstance, TData>, Task<SendTuple<TMessage>>> messageFactory,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TMessage : class =>
        source.Add(new ProduceActivity<TInstance, TData, TMessage>(MessageFactory<TMessage>.Create(messageFactory, contextCallback)));

    /// <summary>Produces a message when an activity has failed.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="message">The message.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TException">Type of the exception.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static ExceptionActivityBinder<TInstance, TException> Produce<TInstance, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TException> source,
        TMessage message,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TException : Exception
        where TMessage : class =>
        source.Add(new FaultedProduceActivity<TInstance, TException, TMessage>(MessageFactory<TMessage>.Create(message, contextCallback)));

    /// <summary>Produces a message when an activity has failed.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="message">The message, once it is there.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TException">Type of the exception.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static ExceptionActivityBinder<TInstance, TException> Produce<TInstance, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TException> source,
        Task<TMessage> message,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TException : Exception
        where TMessage : class =>
        source.Add(new FaultedProduceActivity<TInstance, TException, TMessage>(MessageFactory<TMessage>.Create(message, contextCallback)));

    /// <summary>Produces a message when an activity has failed.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="messageFactory">Makes the message.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TException">Type of the exception.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static ExceptionActivityBinder<TInstance, TException> Produce<TInstance, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TException> source,
        AsyncEventExceptionMessageFactory<TInstance, TException, TMessage> messageFactory,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TException : Exception
        where TMessage : class =>
        source.Add(new FaultedProduceActivity<TInstance, TException, TMessage>(MessageFactory<TMessage>.Create(messageFactory, contextCallback)));

    /// <summary>Produces a message when an activity has failed.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="messageFactory">Makes the message, as <c>context.Init</c> does.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TException">Type of the exception.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static ExceptionActivityBinder<TInstance, TException> Produce<TInstance, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TException> source,
        Func<BehaviorExceptionContext<TInstance, TException>, Task<SendTuple<TMessage>>> messageFactory,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TException : Exception
        where TMessage : class =>
        source.Add(new FaultedProduceActivity<TInstance, TException, TMessage>(MessageFactory<TMessage>.Create(messageFactory, contextCallback)));

    /// <summary>Produces a message when an activity has failed.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="message">The message.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TData">Type of the event's message.</typeparam>
    /// <typeparam name="TException">Type of the exception.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static ExceptionActivityBinder<TInstance, TData, TException> Produce<TInstance, TData, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TData, TException> source,
        TMessage message,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TException : Exception
        where TMessage : class =>
        source.Add(new FaultedProduceActivity<TInstance, TData, TException, TMessage>(MessageFactory<TMessage>.Create(message, contextCallback)));

    /// <summary>Produces a message when an activity has failed.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="message">The message, once it is there.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TData">Type of the event's message.</typeparam>
    /// <typeparam name="TException">Type of the exception.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static ExceptionActivityBinder<TInstance, TData, TException> Produce<TInstance, TData, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TData, TException> source,
        Task<TMessage> message,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TException : Exception
        where TMessage : class =>
        source.Add(new FaultedProduceActivity<TInstance, TData, TException, TMessage>(MessageFactory<TMessage>.Create(message, contextCallback)));

    /// <summary>Produces a message when an activity has failed.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="messageFactory">Makes the message.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TData">Type of the event's message.</typeparam>
    /// <typeparam name="TException">Type of the exception.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static ExceptionActivityBinder<TInstance, TData, TException> Produce<TInstance, TData, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TData, TException> source,
        AsyncEventExceptionMessageFactory<TInstance, TData, TException, TMessage> messageFactory,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TException : Exception
        where TMessage : class =>
        source.Add(
            new FaultedProduceActivity<TInstance, TData, TException, TMessage>(MessageFactory<TMessage>.Create(messageFactory, contextCallback))
        );

    /// <summary>Produces a message when an activity has failed.</summary>
    /// <param name="source">The activities before.</param>
    /// <param name="messageFactory">Makes the message, as <c>context.Init</c> does.</param>
    /// <param name="contextCallback">Sets headers, ids, … of the message.</param>
    /// <typeparam name="TInstance">Type of the saga.</typeparam>
    /// <typeparam name="TData">Type of the event's message.</typeparam>
    /// <typeparam name="TException">Type of the exception.</typeparam>
    /// <typeparam name="TMessage">Type of the message.</typeparam>
    public static ExceptionActivityBinder<TInstance, TData, TException> Produce<TInstance, TData, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TData, TException> source,
        Func<BehaviorExceptionContext<TInstance, TData, TException>, Task<SendTuple<TMessage>>> messageFactory,
        Action<SendContext<TMessage>>? contextCallback = null
    )
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TException : Exception
        where TMessage : class =>
        source.Add(
            new FaultedProduceActivity<TInstance, TData, TException, TMessage>(MessageFactory<TMessage>.Create(messageFactory, contextCallback))
        );
}

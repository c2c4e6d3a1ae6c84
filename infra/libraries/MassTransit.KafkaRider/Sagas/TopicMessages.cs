using MassTransit.SagaStateMachine;

namespace MassTransit.KafkaIntegration.Sagas;

/// <summary>Makes a message and produces it to the topic that is registered for its type, in the scope of the saga's message.</summary>
internal static class TopicMessages
{
    public static Task Produce<TContext, TMessage>(TContext context, ContextMessageFactory<TContext, TMessage> factory)
        where TContext : class, ConsumeContext
        where TMessage : class => factory.Use(context, (_, message) =>
        {
            var producer = context.GetServiceOrCreateInstance<ITopicProducer<TMessage>>();
            return message.Pipe is { } pipe
                ? producer.Produce(message.Message, pipe, context.CancellationToken)
                : producer.Produce(message.Message, context.CancellationToken);
        });
}

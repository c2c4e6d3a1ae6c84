using MassTransit.Serialization;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A message that is decoded already: it is what it is, and every type that it can be seen as.</summary>
internal sealed class KafkaSerializerContext<TValue>(TValue value, MessageContext messageContext)
    : BaseSerializerContext(SystemTextJsonMessageSerializer.Instance, messageContext, MessageTypeCache<TValue>.MessageTypeNames)
    where TValue : class
{
    public override bool IsSupportedMessageType<T>() => value is T;

    public override bool IsSupportedMessageType(Type messageType) => messageType.IsInstanceOfType(value);

    public override bool TryGetMessage<T>(out T message)
    {
        message = (value as T)!;
        return message is not null;
    }

    public override bool TryGetMessage(Type messageType, out object message)
    {
        message = value;
        return messageType.IsInstanceOfType(value);
    }

    public override IMessageSerializer GetMessageSerializer() => throw new NotSupportedException("A Kafka message is no envelope to be forwarded.");

    public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message)
    {
        var serializer = new SystemTextJsonBodyMessageSerializer(
            envelope,
            SystemTextJsonMessageSerializer.JsonContentType,
            SystemTextJsonMessageSerializer.Options
        );
        serializer.Overlay(message);
        return serializer;
    }

    public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) =>
        new SystemTextJsonBodyMessageSerializer(
            new JsonMessageEnvelope(this, message, messageTypes),
            SystemTextJsonMessageSerializer.JsonContentType,
            SystemTextJsonMessageSerializer.Options
        );

    public override Dictionary<string, object> ToDictionary<T>(T? message)
        where T : class => message is null ? [] : Util.ConvertObject.ToDictionary(message);
}

using System.Runtime.Serialization;
using System.Text.Json;
using Confluent.Kafka;
using MassTransit.Serialization;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Makes messages of records, and gives those that are none to the handler of undecodable messages.</summary>
internal sealed class RecordDecoder<TKey, TValue>(
    KafkaEndpointContext<TKey, TValue> endpoint,
    Func<UndecodableMessage, CancellationToken, Task>? handler,
    GivingUp<TKey, TValue>? givingUp
)
    where TValue : class
{
    // Some six seconds with the default pauses.
    private const int UncertainAttempts = 6;

    /// <summary>
    /// Whether an exception says that a record is no message. One about its bytes does. Any other may come from what the deserializer asks, a schema
    /// registry, being away: such a record is delivered again a few times first.
    /// </summary>
    public static bool IsUndecodable(KafkaRecord<TValue> record, Exception cause) =>
        cause is JsonException or FormatException or ArgumentException or InvalidDataException or SerializationException or NotSupportedException
        || record.UncertainFailures == UncertainAttempts
        || ++record.UncertainFailures == UncertainAttempts;

    /// <summary>Decodes a record.</summary>
    /// <returns>False where it is none of this endpoint's messages: its handler has it.</returns>
    public ValueTask<bool> TryDecode(KafkaRecord<TValue> record, CancellationToken cancellationToken)
    {
        if (record.IsFinished)
            return new ValueTask<bool>(false);
        if (record.Value is not null)
            return new ValueTask<bool>(true);
        Exception cause;
        try
        {
            record.Value = Deserialize(record);
            if (record.Value is not null)
                return new ValueTask<bool>(true);
            cause = new InvalidDataException(
                record.Result.Message.Value is null ? "The message has no value: it is a tombstone." : "The value is null."
            );
        }
#pragma warning disable CA1031 // Whatever a deserializer throws: if it goes on throwing, this is no message.
        catch (Exception exception) when (IsUndecodable(record, exception))
#pragma warning restore CA1031
        {
            cause = exception;
        }

        return new ValueTask<bool>(Keep(record, cause, cancellationToken));
    }

    /// <summary>Decodes a record on the way to its batch. One that cannot be is left as it is: its delivery finds that out.</summary>
    public bool TryDecodeEarly(KafkaRecord<TValue> record)
    {
        if (record.Value is not null)
            return true;
        try
        {
            record.Value = Deserialize(record);
        }
#pragma warning disable CA1031 // Whatever a deserializer throws.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }

        return record.Value is not null;
    }

    public KafkaReceiveContext<TKey, TValue> CreateReceiveContext(KafkaRecord<TValue> record, bool redelivered) =>
        new(record.Result, endpoint, redelivered);

    public static ConsumeContext<TValue> CreateConsumeContext(KafkaRecord<TValue> record, ReceiveContext receiveContext)
    {
        var context = new BodyConsumeContext(
            receiveContext,
            new KafkaSerializerContext<TValue>(record.Value!, new KafkaMessageContext(record.Result, receiveContext))
        );
        return context.TryGetMessage<TValue>(out var message)
            ? message
            : throw new InvalidOperationException("A decoded message is of its own type.");
    }

    /// <summary>Gives a record to the handler of undecodable messages; where there is none, it is given up.</summary>
    /// <returns>False: it is no message.</returns>
    /// <exception cref="EndpointHaltedException">There is no such handler, and nothing is given up.</exception>
    public async Task<bool> Keep(KafkaRecord<TValue> record, Exception cause, CancellationToken cancellationToken)
    {
        var result = record.Result;
        if (handler is null && givingUp is not null)
        {
            await givingUp.Finish(record, record.GivenUp ?? new GivenUp(cause, 1), cancellationToken).ConfigureAwait(false);
            return false;
        }

        if (handler is null)
        {
            throw new EndpointHaltedException(
                $"The message at {result.TopicPartitionOffset} cannot be decoded, and no handler of undecodable messages is configured.",
                cause
            );
        }

        Log.Undecodable(endpoint.LogContext.Logger, cause, endpoint.InputAddress, result.TopicPartitionOffset);
        var message = result.Message;
        await handler(
                new UndecodableMessage(
                    result.Topic,
                    result.Partition.Value,
                    result.Offset.Value,
                    message.Timestamp,
                    endpoint.GroupId,
                    message.Key,
                    message.Value,
                    message.Headers ?? [],
                    cause
                ),
                cancellationToken
            )
            .ConfigureAwait(false);
        record.IsFinished = true;
        return false;
    }

    private TValue? Deserialize(KafkaRecord<TValue> record)
    {
        var message = record.Result.Message;
        return endpoint.ValueDeserializer.Deserialize(
            message.Value,
            message.Value is null,
            new SerializationContext(MessageComponentType.Value, record.Result.Topic, message.Headers)
        );
    }
}

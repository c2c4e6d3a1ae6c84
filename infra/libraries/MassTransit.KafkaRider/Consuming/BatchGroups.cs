namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Finds the group of a message, as <c>BatchOptions.GroupBy</c> says.</summary>
internal sealed class BatchGroups<TKey, TValue>(RecordDecoder<TKey, TValue> decoder, object provider)
    where TValue : class
{
    private readonly IGroupReader _reader = ReaderOf(provider)
        ?? throw new ConfigurationException(
            $"BatchOptions.GroupBy: {provider.GetType().Name} does not group messages of type {typeof(TValue).Name}."
        );

    /// <summary>The group of a record; null where it has none. One that cannot be decoded has none either: its delivery finds that out.</summary>
    public object? Of(KafkaRecord<TValue> record)
    {
        if (!decoder.TryDecodeEarly(record))
            return null;
        try
        {
            return _reader.Of(RecordDecoder<TKey, TValue>.CreateConsumeContext(record, decoder.CreateReceiveContext(record, redelivered: false)));
        }
#pragma warning disable CA1031 // The application's: what it throws must not end the polling thread.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogContext.Warning?.Log(
                exception,
                "BatchOptions.GroupBy threw: the message at {Position} is in no group",
                record.Result.TopicPartitionOffset
            );
            return null;
        }
    }

    private static IGroupReader? ReaderOf(object provider)
    {
        var group = provider
            .GetType()
            .GetInterfaces()
            .Where(type =>
                type.IsGenericType
                && type.GetGenericTypeDefinition() == typeof(IGroupKeyProvider<,>)
                && type.GenericTypeArguments[0].IsAssignableFrom(typeof(TValue))
            )
            .Select(type => type.GenericTypeArguments[1])
            .FirstOrDefault();
        return group is null
            ? null
            : (IGroupReader?)Activator.CreateInstance(typeof(Reader<>).MakeGenericType(typeof(TKey), typeof(TValue), group), provider);
    }

    private interface IGroupReader
    {
        object? Of(ConsumeContext<TValue> context);
    }

    private sealed class Reader<TGroup>(IGroupKeyProvider<TValue, TGroup> provider) : IGroupReader
    {
        public object? Of(ConsumeContext<TValue> context) => provider.TryGetKey(context, out var group) ? group : null;
    }
}

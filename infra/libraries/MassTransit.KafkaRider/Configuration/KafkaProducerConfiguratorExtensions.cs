using Confluent.Kafka;
using MassTransit.KafkaIntegration.Serializers;

namespace MassTransit;

/// <summary>Synchronous serializers where asynchronous ones are asked for.</summary>
public static class KafkaProducerConfiguratorExtensions
{
    /// <summary>The same serializer in the asynchronous form; the producer calls it synchronously all the same.</summary>
    public static IAsyncSerializer<T> AsAsyncOverSync<T>(this ISerializer<T> serializer) => new SynchronousSerializer<T>(serializer);

    /// <summary>Sets how keys are written.</summary>
    public static void SetKeySerializer<TKey, TValue>(this IKafkaProducerConfigurator<TKey, TValue> configurator, ISerializer<TKey> serializer)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.SetKeySerializer(serializer.AsAsyncOverSync());
    }

    /// <summary>Sets how values are written.</summary>
    public static void SetValueSerializer<TKey, TValue>(this IKafkaProducerConfigurator<TKey, TValue> configurator, ISerializer<TValue> serializer)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.SetValueSerializer(serializer.AsAsyncOverSync());
    }
}

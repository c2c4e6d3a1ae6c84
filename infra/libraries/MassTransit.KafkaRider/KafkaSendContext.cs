using Confluent.Kafka;

namespace MassTransit;

/// <summary>A message on its way to Kafka.</summary>
public interface KafkaSendContext : SendContext
{
    /// <summary>Where it goes. Default: any, that is, the partitioner chooses.</summary>
    Partition Partition { get; set; }
}

/// <summary>A message of a known type on its way to Kafka.</summary>
/// <typeparam name="T">Type of the message.</typeparam>
public interface KafkaSendContext<T> : SendContext<T>, KafkaSendContext
    where T : class
{
    /// <summary>Writes the value of this message.</summary>
    IAsyncSerializer<T> ValueSerializer { get; set; }
}

/// <summary>A message with a key on its way to Kafka.</summary>
/// <typeparam name="TKey">Type of the key.</typeparam>
/// <typeparam name="T">Type of the message.</typeparam>
public interface KafkaSendContext<TKey, T> : KafkaSendContext<T>
    where T : class
{
    /// <summary>The key.</summary>
    TKey Key { get; set; }

    /// <summary>Writes the key of this message.</summary>
    IAsyncSerializer<TKey> KeySerializer { get; set; }
}

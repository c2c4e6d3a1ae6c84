namespace MassTransit;

/// <summary>Where a consumed message came from. Of a batch, ask each message.</summary>
public static class KafkaConsumeContextExtensions
{
    /// <summary>The partition; null where the message did not come from Kafka.</summary>
    public static int? Partition(this ConsumeContext context) =>
        context.TryGetPayload(out KafkaConsumeContext? kafka) ? kafka.Partition : default(int?);

    /// <summary>The offset; null where the message did not come from Kafka.</summary>
    public static long? Offset(this ConsumeContext context) => context.TryGetPayload(out KafkaConsumeContext? kafka) ? kafka.Offset : default(long?);

    /// <summary>The key; the default of the type where there is none, or none of this type.</summary>
    public static TKey? GetKey<TKey>(this ConsumeContext context) =>
        context.TryGetPayload(out KafkaConsumeContext<TKey>? kafka) ? kafka.Key : default;

    /// <summary>Always false: the end of a partition is not delivered as a message.</summary>
    public static bool IsPartitionEof(this ConsumeContext context) => context.TryGetPayload(out KafkaConsumeContext? kafka) && kafka.IsPartitionEof;
}

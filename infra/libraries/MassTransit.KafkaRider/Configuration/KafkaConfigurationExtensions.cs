using Confluent.Kafka;

namespace MassTransit;

/// <summary>Client settings as the rider would use them: its own, then those of one consumer or producer.</summary>
public static class KafkaConfigurationExtensions
{
    /// <summary>The rider's settings with a consumer's over them.</summary>
    /// <param name="hostConfiguration">The rider's.</param>
    /// <param name="config">The consumer's; not changed.</param>
    public static ConsumerConfig GetConsumerConfig(this IKafkaHostConfiguration hostConfiguration, ConsumerConfig config) =>
        new(Merge(hostConfiguration, config));

    /// <summary>The rider's settings with a producer's over them.</summary>
    /// <param name="hostConfiguration">The rider's.</param>
    /// <param name="config">The producer's; not changed.</param>
    public static ProducerConfig GetProducerConfig(this IKafkaHostConfiguration hostConfiguration, ProducerConfig config) =>
        new(Merge(hostConfiguration, config));

    private static Dictionary<string, string> Merge(IKafkaHostConfiguration rider, Config config)
    {
        ArgumentNullException.ThrowIfNull(rider);
        ArgumentNullException.ThrowIfNull(config);
        var merged = new Dictionary<string, string>(rider.Configuration);
        foreach (var (name, value) in config)
            merged[name] = value;
        return merged;
    }
}

namespace MassTransit;

/// <summary>The client settings that all producers and endpoints of a rider begin from. The rider's configurator is one.</summary>
public interface IKafkaHostConfiguration : ISpecification
{
    /// <summary>The settings by their names in librdkafka.</summary>
    IReadOnlyDictionary<string, string> Configuration { get; }
}

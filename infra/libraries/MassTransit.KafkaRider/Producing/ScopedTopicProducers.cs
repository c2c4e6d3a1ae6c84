namespace MassTransit.KafkaIntegration.Producing;

internal static class ScopedTopicProducers
{
    /// <summary>The same producers, as seen from a scope.</summary>
    public static ITopicProducerProvider InScopeOf(this ITopicProducerProvider producers, IServiceProvider services) =>
        new ScopedTopicProducerProvider(producers, services);
}

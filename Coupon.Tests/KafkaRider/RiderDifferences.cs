using MassTransit;

namespace Coupon.Tests.KafkaRider;

/// <summary>What these tests set and MassTransit.Kafka does not have: the one place that knows which rider it is.</summary>
internal static class RiderDifferences
{
    public static void RedeliverQuickly(this IKafkaTopicReceiveEndpointConfigurator endpoint)
    {
#if OFFICIAL_KAFKA_RIDER
        _ = endpoint;
#else
        endpoint.RedeliverAfter(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500));
#endif
    }
}

using MassTransit;

namespace Coupon.Consumers.Consumption;

/// <summary>What this repository's rider has and MassTransit.Kafka has not.</summary>
internal static class RiderDifferences
{
    /// <summary>Whether an endpoint is unhealthy only because a partition makes no progress.</summary>
    public static bool MakesNoProgress(this EndpointHealthResult endpoint) =>
#if OFFICIAL_KAFKA_RIDER
        false;
#else
        endpoint.Exception is KafkaNoProgressException;
#endif
}

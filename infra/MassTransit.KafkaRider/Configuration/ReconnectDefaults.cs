using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>
/// librdkafka waits up to ten seconds before it looks again for a broker that was away, which would make every short outage a long one. Two seconds
/// at most, unless the application says otherwise. When all brokers are away it also forgets those it knows and begins with the bootstrap servers again
/// (<c>metadata.recovery.strategy</c>, since 2.10), and was seen never to find a coordinator after that; the rider replaces a client that does not get on.
/// </summary>
internal static class ReconnectDefaults
{
    private const int LongestPauseMilliseconds = 2000;
    private const string Recovery = "metadata.recovery.strategy";

    public static void Apply(ClientConfig client)
    {
        if (client.ReconnectBackoffMaxMs is null && (client.ReconnectBackoffMs ?? 0) <= LongestPauseMilliseconds)
            client.ReconnectBackoffMaxMs = LongestPauseMilliseconds;
        if (client.Get(Recovery) is null) client.Set(Recovery, "none");
    }
}

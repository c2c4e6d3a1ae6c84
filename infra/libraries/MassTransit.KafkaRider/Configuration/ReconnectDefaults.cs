using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>
/// librdkafka waits up to ten seconds before it looks again for a broker that was away, which would make every short outage a long one. Two seconds
/// at most, unless the application says otherwise.
/// </summary>
internal static class ReconnectDefaults
{
    private const int LongestPauseMilliseconds = 2000;

    public static void Apply(ClientConfig client)
    {
        if (client.ReconnectBackoffMaxMs is null && (client.ReconnectBackoffMs ?? 0) <= LongestPauseMilliseconds)
            client.ReconnectBackoffMaxMs = LongestPauseMilliseconds;
    }
}

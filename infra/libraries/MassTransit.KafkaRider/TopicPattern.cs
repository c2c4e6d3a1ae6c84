namespace MassTransit.KafkaIntegration;

/// <summary>
/// A subscription that begins with <c>^</c> is a regular expression: all topics that match, also those that are created later (librdkafka,
/// rd_kafka_subscribe).
/// </summary>
internal static class TopicPattern
{
    public static bool Is(string topic) => topic.StartsWith('^');
}

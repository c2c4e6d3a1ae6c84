namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>librdkafka takes milliseconds.</summary>
internal static class Milliseconds
{
    public static int? Of(TimeSpan? time) => time is { } value ? (int)Math.Min(value.TotalMilliseconds, int.MaxValue) : null;
}

namespace MassTransit.KafkaIntegration;

/// <summary>The address of a topic, below that of the bus: <c>…/kafka/topic</c>.</summary>
internal static class KafkaAddress
{
    public const string Prefix = "kafka";

    public static Uri Of(Uri host, string topic) => new($"{host.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{Prefix}/{topic}");
}

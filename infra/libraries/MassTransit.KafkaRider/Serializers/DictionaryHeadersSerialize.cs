namespace MassTransit.KafkaIntegration.Serializers;

/// <summary>The default form of headers: UTF-8 text, one Kafka header each.</summary>
public static class DictionaryHeadersSerialize
{
    /// <summary>Reads them.</summary>
    public static IHeadersDeserializer Deserializer { get; } = new TextHeadersDeserializer();

    /// <summary>Writes them.</summary>
    public static IHeadersSerializer Serializer { get; } = new TextHeadersSerializer();
}

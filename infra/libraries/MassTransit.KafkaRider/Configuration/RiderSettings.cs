using Confluent.Kafka;
using MassTransit.KafkaIntegration.Serializers;
using MassTransit.Observables;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>What all producers and endpoints of a rider begin from.</summary>
internal sealed class RiderSettings(ClientConfig client) : IKafkaHostConfiguration
{
    public ClientConfig Client => client;
    public SendObservable SendObservable { get; } = new();
    public List<Action<ISendPipeConfigurator>> SendConfigurations { get; } = [];
    public ReceiveEndpointObservable EndpointObservers { get; } = new();
    public IHeadersSerializer HeadersSerializer { get; set; } = DictionaryHeadersSerialize.Serializer;
    public IHeadersDeserializer HeadersDeserializer { get; set; } = DictionaryHeadersSerialize.Deserializer;
    public IKafkaSerializerFactory Serializers { get; set; } = new DefaultKafkaSerializerFactory();
    public Action<IClient, string>? TokenRefreshHandler { get; set; }

    /// <summary>The clock of the pauses of producers, so that a test need not wait for them.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IReadOnlyDictionary<string, string> Configuration => client.ToDictionary(setting => setting.Key, setting => setting.Value);

    public IEnumerable<ValidationResult> Validate()
    {
        if (string.IsNullOrEmpty(client.BootstrapServers))
            yield return this.Failure("BootstrapServers", "should not be empty: name the brokers with Host(…) or with a ClientConfig");
    }
}

using System.Net.Mime;
using MassTransit.Configuration;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>
/// Notes which of MassTransit's own members were called while an endpoint is configured: those that would change nothing on a topic endpoint are
/// refused by name, and filters of the endpoint are where there are batch consumers.
/// </summary>
internal abstract class NotedEndpointConfiguration(IHostConfiguration host, IEndpointConfiguration endpoint)
    : ReceiveEndpointConfiguration(host, endpoint),
        IReceiveEndpointConfigurator
{
    private const string Serializers =
        "is not supported: SetKeyDeserializer and SetValueDeserializer set how messages are read; what consumers send has the serializers of the bus";
    private const string Bus = "is not supported: what consumers send or publish goes through the bus, so configure it there";
    private const string Starts = "cannot be false: a topic endpoint starts with the bus; IKafkaRider.ConnectTopicEndpoint adds one later";

    private readonly Dictionary<string, string> _ignored = [];

    ContentType IReceiveEndpointConfigurator.DefaultContentType
    {
        set => _ignored[nameof(DefaultContentType)] = Serializers;
    }

    ContentType IReceiveEndpointConfigurator.SerializerContentType
    {
        set => _ignored[nameof(SerializerContentType)] = Serializers;
    }

    bool IConsumePipeConfigurator.AutoStart
    {
        set
        {
            if (value)
                _ignored.Remove(nameof(AutoStart));
            else
                _ignored[nameof(AutoStart)] = Starts;
        }
    }

    /// <summary>What was configured and would change nothing.</summary>
    protected IEnumerable<(string Name, string Why)> Ignored => _ignored.Select(ignored => (ignored.Key, ignored.Value));

    /// <summary>Whether anything was added to the endpoint's own pipes.</summary>
    protected bool HasFilters { get; private set; }

    void IReceiveEndpointConfigurator.AddSerializer(ISerializerFactory factory, bool isSerializer) => _ignored[nameof(AddSerializer)] = Serializers;

    void IReceiveEndpointConfigurator.AddDeserializer(ISerializerFactory factory, bool isDefault) => _ignored[nameof(AddDeserializer)] = Serializers;

    void IReceiveEndpointConfigurator.ClearSerialization() => _ignored[nameof(ClearSerialization)] = Serializers;

    void ISendPipelineConfigurator.ConfigureSend(Action<ISendPipeConfigurator> callback) => _ignored[nameof(ConfigureSend)] = Bus;

    void IPublishPipelineConfigurator.ConfigurePublish(Action<IPublishPipeConfigurator> callback) => _ignored[nameof(ConfigurePublish)] = Bus;

    void IPipeConfigurator<ConsumeContext>.AddPipeSpecification(IPipeSpecification<ConsumeContext> specification)
    {
        HasFilters = true;
        AddPipeSpecification(specification);
    }

    void IConsumePipeConfigurator.AddPipeSpecification<T>(IPipeSpecification<ConsumeContext<T>> specification)
    {
        HasFilters = true;
        AddPipeSpecification(specification);
    }

    void IConsumePipeConfigurator.AddPrePipeSpecification(IPipeSpecification<ConsumeContext> specification)
    {
        HasFilters = true;
        AddPrePipeSpecification(specification);
    }

    void IReceivePipelineConfigurator.ConfigureReceive(Action<IReceivePipeConfigurator> callback)
    {
        HasFilters = true;
        ConfigureReceive(callback);
    }
}

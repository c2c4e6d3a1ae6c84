using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What the polling threads of an endpoint tell it.</summary>
internal interface IEndpointState
{
    /// <summary>The group has been joined, or the topic is missing: the endpoint waits for messages either way.</summary>
    void Ready();

    /// <summary>No broker answers.</summary>
    void BrokersLost(Error error);

    /// <summary>A broker answers again.</summary>
    void BrokersBack();

    /// <summary>A client could not go on, and another is opened; or it gets no messages.</summary>
    void Failed(Exception exception);

    /// <summary>Consumption stopped for good.</summary>
    void Halted(EndpointHaltedException exception);
}

using MassTransit.Transports;

namespace MassTransit;

/// <summary>
/// The rider of a bus: a singleton. Its producers belong to no scope, so a singleton of the application may keep one; they see neither scoped
/// filters nor the message that is being consumed.
/// </summary>
public interface IKafkaRider : IRiderControl, ITopicProducerProvider, IKafkaTopicEndpointConnector;

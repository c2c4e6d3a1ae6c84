namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>The endpoint cannot go on without skipping a message, so it stops.</summary>
internal sealed class EndpointHaltedException(string message, Exception? cause) : Exception(message, cause);

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>A client is not a member of its group: another one takes its place.</summary>
internal sealed class ClientGivenUpException(string message) : Exception(message);

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Why a message is given up.</summary>
/// <param name="Cause">What the last attempt failed with.</param>
/// <param name="Attempts">How often it was tried.</param>
internal sealed record GivenUp(Exception Cause, int Attempts);

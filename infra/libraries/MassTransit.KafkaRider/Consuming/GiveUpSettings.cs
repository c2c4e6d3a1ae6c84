namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>After how many attempts an endpoint gives a message up, and how it keeps it then.</summary>
internal sealed record GiveUpSettings(int Attempts, KafkaDeadLetterOptions Options);

using Confluent.Kafka;

namespace MassTransit;

/// <summary>The brokers cannot be reached, or a client cannot go on.</summary>
public class KafkaConnectionException : ConnectionException
{
    /// <summary>Without a word.</summary>
    public KafkaConnectionException() { }

    /// <summary>With a message.</summary>
    public KafkaConnectionException(string message)
        : base(message) { }

    /// <summary>With its cause. Transient, unless the client says that it is fatal.</summary>
    public KafkaConnectionException(string message, Exception innerException)
        : base(message, innerException, innerException is not KafkaException { Error.IsFatal: true }) { }
}

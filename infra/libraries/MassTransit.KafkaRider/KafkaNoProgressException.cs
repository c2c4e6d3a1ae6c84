namespace MassTransit;

/// <summary>
/// A partition makes no progress while messages wait, though the client is in its group: a message fails again and again, or a handler does not
/// return. The exception of an unhealthy endpoint, for whoever wants to tell this from a Kafka that is away.
/// </summary>
public class KafkaNoProgressException : KafkaConnectionException
{
    /// <summary>Without a word.</summary>
    public KafkaNoProgressException() { }

    /// <summary>With a message. Transient: it may pass by itself.</summary>
    public KafkaNoProgressException(string message)
        : this(message, new TimeoutException(message)) { }

    /// <summary>With its cause.</summary>
    public KafkaNoProgressException(string message, Exception innerException)
        : base(message, innerException) { }
}

using Confluent.Kafka;

namespace MassTransit;

/// <summary>Where messages go that an endpoint gives up, and which it gives up.</summary>
public sealed class KafkaDeadLetterOptions
{
    /// <summary>What comes after the name of a message's own topic, where <see cref="Topic"/> is not set.</summary>
    public const string Suffix = ".dead-letters";

    /// <summary>
    /// The dead-letter topic. Default: the topic of the message with <see cref="Suffix"/> after it. It must exist, or brokers must create it.
    /// </summary>
    public string? Topic { get; set; }

    /// <summary>
    /// Which exceptions are a message's own fault. Default: all. After any other, a message is delivered again, however often it was tried: a
    /// database that is away is no reason to give up on messages.
    /// </summary>
    public Func<Exception, bool> When { get; set; } = _ => true;

    /// <summary>Client settings of the dead letters' producer, over those of the rider. <c>acks</c> is always all.</summary>
    public ProducerConfig Producer { get; set; } = new();
}

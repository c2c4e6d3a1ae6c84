using Confluent.Kafka;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>What a polling thread tells its endpoint of its client.</summary>
internal interface IClientState
{
    /// <summary>The group was joined, or the topic is missing: the client waits for messages either way.</summary>
    void Joined();

    /// <summary>The client has no assignment.</summary>
    /// <param name="text">Since when.</param>
    void NotJoined(string text);

    /// <summary>No broker answers.</summary>
    void BrokersLost(Error error);

    /// <summary>A broker answers again.</summary>
    void BrokersBack();

    /// <summary>Brokers answer, but not with messages.</summary>
    void Unreadable(Exception exception);

    /// <summary>Messages come again.</summary>
    void Readable();

    /// <summary>Partitions make no progress while messages wait.</summary>
    /// <param name="text">Which, and since when.</param>
    void StandsStill(string text);

    /// <summary>All partitions make progress.</summary>
    void GetsOn();
}

using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "{Client}: {Text}")]
    public static partial void Client(ILogger logger, string client, string text);

    [LoggerMessage(2, LogLevel.Warning, "{Client}: {Code}: {Reason}")]
    public static partial void ClientError(ILogger logger, string client, ErrorCode code, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Stopped with {Count} messages that no broker had acknowledged: whoever awaits them is told")]
    public static partial void Unflushed(ILogger logger, int count);

    [LoggerMessage(4, LogLevel.Warning, "No broker answers a producer: what is produced waits in its queue: {Reason}")]
    public static partial void ProducerLostBrokers(ILogger logger, string reason);

    [LoggerMessage(5, LogLevel.Information, "Brokers answer the producer again")]
    public static partial void ProducerFoundBrokers(ILogger logger);

    [LoggerMessage(6, LogLevel.Error, "A producer failed and is opened again with the next message: {Code}: {Reason}")]
    public static partial void ProducerFatal(ILogger logger, ErrorCode code, string reason);

    [LoggerMessage(7, LogLevel.Warning, "{Client}: the handler that gets a token threw, there is no token; it is asked again")]
    public static partial void NoToken(ILogger logger, Exception exception, string client);

    [LoggerMessage(8, LogLevel.Warning, "{Client}: a handler of {Kind} threw")]
    public static partial void ProducerHandlerFailed(ILogger logger, Exception exception, string client, string kind);

    [LoggerMessage(10, LogLevel.Warning, "{Endpoint}: delivery of {Count} messages from {First} failed, attempt {Attempt}; again in {Pause}")]
    public static partial void DeliveryFailed(
        ILogger logger,
        Exception exception,
        Uri endpoint,
        int count,
        TopicPartitionOffset first,
        int attempt,
        TimeSpan pause
    );

    [LoggerMessage(11, LogLevel.Warning, "{Endpoint}: the message at {Position} cannot be decoded and goes to the handler of undecodable messages")]
    public static partial void Undecodable(ILogger logger, Exception? exception, Uri endpoint, TopicPartitionOffset position);

    [LoggerMessage(12, LogLevel.Critical, "{Endpoint}: consumption stops here and nothing is skipped")]
    public static partial void Halted(ILogger logger, Exception exception, Uri endpoint);

    [LoggerMessage(13, LogLevel.Information, "{Endpoint}: partitions assigned: {Partitions}")]
    public static partial void Assigned(ILogger logger, Uri endpoint, string partitions);

    [LoggerMessage(14, LogLevel.Information, "{Endpoint}: partitions revoked: {Partitions}")]
    public static partial void Revoked(ILogger logger, Uri endpoint, string partitions);

    [LoggerMessage(15, LogLevel.Warning, "{Endpoint}: partitions lost: {Partitions}; nothing of them is committed")]
    public static partial void Lost(ILogger logger, Uri endpoint, string partitions);

    [LoggerMessage(16, LogLevel.Warning, "{Endpoint}: topic {Topic} does not exist; it is consumed as soon as it does")]
    public static partial void TopicMissing(ILogger logger, Uri endpoint, string topic);

    [LoggerMessage(17, LogLevel.Error, "{Endpoint}: no broker answers")]
    public static partial void BrokersLost(ILogger logger, Uri endpoint);

    [LoggerMessage(18, LogLevel.Information, "{Endpoint}: brokers answer again")]
    public static partial void BrokersBack(ILogger logger, Uri endpoint);

    [LoggerMessage(19, LogLevel.Warning, "{Endpoint}: consume error {Code}: {Reason}")]
    public static partial void ConsumeError(ILogger logger, Uri endpoint, ErrorCode code, string reason);

    [LoggerMessage(20, LogLevel.Warning, "{Endpoint}: committing offsets failed, they are committed again later: {Code}: {Reason}")]
    public static partial void CommitFailed(ILogger logger, Uri endpoint, ErrorCode code, string reason);

    [LoggerMessage(26, LogLevel.Debug, "{Endpoint}: offsets are not committed now, the group is being divided anew: {Code}")]
    public static partial void CommitDeferred(ILogger logger, Uri endpoint, ErrorCode code);

    [LoggerMessage(21, LogLevel.Error, "{Endpoint}: the client failed and is opened again in {Pause}")]
    public static partial void ClientFailed(ILogger logger, Exception exception, Uri endpoint, TimeSpan pause);

    [LoggerMessage(22, LogLevel.Warning, "{Endpoint}: a handler of {Kind} threw")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, Uri endpoint, string kind);

    [LoggerMessage(23, LogLevel.Warning, "{Endpoint}: deliveries did not end in time and are abandoned; their messages come again")]
    public static partial void Abandoned(ILogger logger, Uri endpoint);

    [LoggerMessage(24, LogLevel.Warning, "{Endpoint}: the client does not close in time and is left to close by itself")]
    public static partial void SlowClose(ILogger logger, Uri endpoint);

    [LoggerMessage(
        29,
        LogLevel.Warning,
        "{Endpoint}: {Reason}: the client is given up, and another one takes its place in {Pause}, or when a broker answers"
    )]
    public static partial void ClientGivenUp(ILogger logger, Uri endpoint, string reason, TimeSpan pause);

    [LoggerMessage(30, LogLevel.Warning, "{Endpoint}: no progress for {Limit} or longer while messages wait, in partitions {Partitions}")]
    public static partial void StandsStill(ILogger logger, Uri endpoint, string partitions, TimeSpan limit);

    [LoggerMessage(31, LogLevel.Information, "{Endpoint}: no partition stands still any more")]
    public static partial void GetsOn(ILogger logger, Uri endpoint);

    [LoggerMessage(
        32,
        LogLevel.Warning,
        "{Client}: no message is delivered before its time-out, though a broker answers: "
            + "the producer is given up, and the next message opens another one"
    )]
    public static partial void ProducerGivenUp(ILogger logger, string client);

    [LoggerMessage(27, LogLevel.Error, "{Endpoint}: messages cannot be read, the endpoint is unhealthy until one comes: {Code}: {Reason}")]
    public static partial void Unreadable(ILogger logger, Uri endpoint, ErrorCode code, string reason);

    [LoggerMessage(25, LogLevel.Information, "{Endpoint}: topic {Topic} created")]
    public static partial void TopicCreated(ILogger logger, Uri endpoint, string topic);

    [LoggerMessage(28, LogLevel.Warning, "{Client}: where the group had got to is not there any more, and messages may be gone unread: {Text}")]
    public static partial void PositionLost(ILogger logger, string client, string text);

    [LoggerMessage(40, LogLevel.Information, "Topics deleted for a test: {Topics}")]
    public static partial void TestTopicsDeleted(ILogger logger, string topics);

    [LoggerMessage(41, LogLevel.Information, "Topics created for a test: {Topics}, each with {Partitions} partitions and {Replicas} replicas")]
    public static partial void TestTopicsCreated(ILogger logger, string topics, int partitions, short replicas);

    [LoggerMessage(42, LogLevel.Error, "{Endpoint}: the message at {Position} is given up after {Attempts} attempts and goes to {Topic}")]
    public static partial void GaveUp(ILogger logger, Exception exception, Uri endpoint, TopicPartitionOffset position, int attempts, string topic);

    [LoggerMessage(43, LogLevel.Error, "{Endpoint}: the message at {Position} is discarded, as DiscardFaultedMessages says")]
    public static partial void Discarded(ILogger logger, Exception exception, Uri endpoint, TopicPartitionOffset position);

    [LoggerMessage(
        44,
        LogLevel.Warning,
        "{Endpoint}: {Count} messages from {First} failed together after {Attempts} attempts: each part of them is tried alone"
    )]
    public static partial void Isolating(ILogger logger, Exception exception, Uri endpoint, int count, TopicPartitionOffset first, int attempts);
}

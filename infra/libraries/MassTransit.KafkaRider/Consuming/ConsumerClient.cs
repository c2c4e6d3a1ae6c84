using Confluent.Kafka;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Opens the Kafka client of a poll loop.</summary>
internal static class ConsumerClient
{
    private const int MetadataRefreshMilliseconds = 10_000;

    public static IConsumer<byte[], byte[]> Build(
        ConsumerSettings settings,
        int index,
        ReceiveEndpointContext endpoint,
        BrokerWatch watch,
        StartOffsets startOffsets,
        Action<IReadOnlyCollection<TopicPartition>> assigned,
        Action<IReadOnlyCollection<TopicPartition>> revoked,
        Action<IReadOnlyCollection<TopicPartition>> lost
    )
    {
        var logger = endpoint.LogContext.Logger;
        var builder = new ConsumerBuilder<byte[], byte[]>(Configure(settings, index))
            .SetLogHandler((_, message) => OnLog(logger, message))
            .SetErrorHandler((_, error) => watch.OnError(error))
            .SetPartitionsAssignedHandler(
                (_, partitions) =>
                {
                    assigned(partitions);
                    return startOffsets.Of(partitions);
                }
            )
            .SetPartitionsRevokedHandler((_, offsets) => revoked([.. offsets.Select(offset => offset.TopicPartition)]))
            .SetPartitionsLostHandler((_, offsets) => lost([.. offsets.Select(offset => offset.TopicPartition)]));
        if (settings.StatisticsHandler is { } handler)
            builder.SetStatisticsHandler((_, json) => Guard(endpoint, "statistics", () => handler(json)));
        if (settings.TokenRefreshHandler is { } refresh)
            builder.SetOAuthBearerTokenRefreshHandler(TokenRefresh.Guard(refresh, logger));
        return builder.Build();
    }

    /// <summary>
    /// Whether a client can be made with these settings: said when the bus is configured, where it would fail again and again later. A client without
    /// brokers connects to nothing.
    /// </summary>
    /// <returns>Why not; null where it can.</returns>
    public static string? Refuses(ConsumerConfig settings)
    {
        try
        {
            var client = new ConsumerConfig(new Dictionary<string, string>(settings)) { BootstrapServers = "", EnableAutoOffsetStore = false };
            new ConsumerBuilder<byte[], byte[]>(client).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build().Dispose();
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or KafkaException)
        {
            return exception.Message;
        }
    }

    private static ConsumerConfig Configure(ConsumerSettings settings, int index)
    {
        var client = new ConsumerConfig(new Dictionary<string, string>(settings.Client))
        {
            // The client's own timer begins a commit at each interval, also while those before it have no answer.
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
        };

        // A topic that did not exist is seen within this time after it was created.
        client.TopicMetadataRefreshIntervalMs ??= MetadataRefreshMilliseconds;

        // Not the topic: the client would make a string of it for each message, and the assignment knows it.
        // Where the endpoint has a pattern, the topic is what tells its partitions apart.
        if (settings.IsPattern)
            client.ConsumeResultFields = "headers,timestamp,topic";
        else if (client.Get(ConfigPropertyNames.Consumer.ConsumeResultFields) is null)
            client.ConsumeResultFields = "headers,timestamp";

        // The end says where the group begins with a partition in which nothing happens.
        if (!BeginsAtFirst(client))
            client.EnablePartitionEof = true;
        if (client.GroupInstanceId is { Length: > 0 } name && settings.Consumers > 1)
            client.GroupInstanceId = $"{name}{index:D2}";
        return client;
    }

    private static bool BeginsAtFirst(ConsumerConfig client) => client.Get("auto.offset.reset") is "earliest" or "smallest" or "beginning" or "error";

    // What the client itself says is mostly told again as an error or a state. Not this: where the committed offset is no longer there it goes on
    // elsewhere, and says so here only.
    private static void OnLog(ILogger logger, LogMessage message)
    {
        if (message is { Facility: "OFFSET", Level: <= SyslogLevel.Warning })
            Log.PositionLost(logger, message.Name, message.Message);
        else
            Log.Client(logger, message.Name, message.Message);
    }

    private static void Guard(ReceiveEndpointContext endpoint, string kind, Action handler) =>
        ApplicationHandler.Call(handler, exception => Log.HandlerFailed(endpoint.LogContext.Logger, exception, endpoint.InputAddress, kind));
}

using Confluent.Kafka;
using Confluent.Kafka.Admin;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Consuming;

/// <summary>Creates the topic of an endpoint that asked for it.</summary>
internal static class TopicCreation
{
    /// <summary>Creates the topic unless it exists.</summary>
    /// <exception cref="KafkaException">It cannot be created: no broker answers, or it may not be.</exception>
    public static void CreateIfMissing(ConsumerSettings settings, ReceiveEndpointContext endpoint)
    {
        if (settings.TopicToCreate is not { } topic)
            return;
        var client = new AdminClientConfig(new Dictionary<string, string>(settings.Client).Where(IsOfAnyClient).ToDictionary());
        var builder = new AdminClientBuilder(client).SetLogHandler(
            (_, message) => Log.Client(endpoint.LogContext.Logger, message.Name, message.Message)
        );
        if (settings.TokenRefreshHandler is { } refresh)
            builder.SetOAuthBearerTokenRefreshHandler(TokenRefresh.Guard(refresh, endpoint.LogContext.Logger));
        using var admin = builder.Build();
        if (Exists(admin, settings.Topic, topic.RequestTimeout))
            return;
        try
        {
            admin
                .CreateTopicsAsync(
                    [topic.ToSpecification()],
                    new CreateTopicsOptions { RequestTimeout = topic.RequestTimeout, OperationTimeout = topic.RequestTimeout }
                )
                .GetAwaiter()
                .GetResult();
            Log.TopicCreated(endpoint.LogContext.Logger, endpoint.InputAddress, settings.Topic);
        }
        catch (CreateTopicsException exception) when (exception.Results.All(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Somebody else was faster.
        }
    }

    private static bool Exists(IAdminClient admin, string topic, TimeSpan timeout) =>
        admin.GetMetadata(timeout).Topics.Exists(known => known.Topic == topic && known.Error.Code == ErrorCode.NoError);

    /// <summary>
    /// An admin client takes no setting that is a consumer's alone; the client settings of a rider are those that it shares with producers.
    /// </summary>
    private static bool IsOfAnyClient(KeyValuePair<string, string> setting) => !ConsumerOnly.Names.Contains(setting.Key);
}

using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration;

/// <summary>
/// Asks the cluster with a client that is opened for the one question: a client that is stuck may have lost its list of brokers, and would say
/// that none answers.
/// </summary>
internal static class ClusterProbe
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _tokenPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether a broker answers.</summary>
    public static bool Answers(ClientConfig settings, Action<IClient, string>? tokenRefreshHandler, ILogger logger) =>
        Ask(settings, tokenRefreshHandler, logger, admin => admin.GetMetadata(_timeout).Brokers.Count > 0);

    /// <summary>
    /// Whether a group could have members: the topic exists, or one that the pattern names, and the coordinator answers. While a group moves to
    /// another coordinator brokers answer, and no client is at fault for being out.
    /// </summary>
    public static bool LetsIn(string group, string topic, ClientConfig settings, Action<IClient, string>? tokenRefreshHandler, ILogger logger)
    {
        var known = Ask(settings, tokenRefreshHandler, logger, admin => Find(admin, topic));
        return known is not null && CoordinatorAnswers(group, known, settings, tokenRefreshHandler, logger);
    }

    private static string? Find(IAdminClient admin, string topic)
    {
        var topics = TopicPattern.Is(topic)
            ? admin.GetMetadata(_timeout).Topics.FindAll(known => Regex.IsMatch(known.Topic, topic))
            : admin.GetMetadata(topic, _timeout).Topics.FindAll(known => known.Topic == topic);
        return topics.Find(known => known.Error.Code == ErrorCode.NoError)?.Topic;
    }

    /// <summary>
    /// Asks for an offset of the group as a consumer that does not join it. Not as an administrator: where the answer is NOT_COORDINATOR, as while a
    /// broker starts, librdkafka (2.16) then ends the process with SIGSEGV (its issue 5040).
    /// </summary>
    private static bool CoordinatorAnswers(
        string group,
        string topic,
        ClientConfig settings,
        Action<IClient, string>? tokenRefreshHandler,
        ILogger logger
    ) => Try(logger, () =>
        {
            var client = new ConsumerConfig(OfAnyClient(settings)) { GroupId = group, EnableAutoCommit = false };
            var builder = new ConsumerBuilder<Ignore, Ignore>(client)
                .SetLogHandler((_, message) => Log.Client(logger, message.Name, message.Message))
                .SetErrorHandler((_, _) => { });
            if (tokenRefreshHandler is not null)
                builder.SetOAuthBearerTokenRefreshHandler(TokenRefresh.Guard(tokenRefreshHandler, logger));
            using var consumer = builder.Build();

            // A consumer asks for its token while it polls only.
            if (tokenRefreshHandler is not null)
                consumer.Consume(_tokenPoll);
            consumer.Committed([new TopicPartition(topic, 0)], _timeout);
            return true;
        });

    private static T? Ask<T>(ClientConfig settings, Action<IClient, string>? tokenRefreshHandler, ILogger logger, Func<IAdminClient, T> question) =>
        Try(logger, () =>
        {
            var builder = new AdminClientBuilder(new AdminClientConfig(OfAnyClient(settings))).SetLogHandler(
                (_, message) => Log.Client(logger, message.Name, message.Message)
            );
            if (tokenRefreshHandler is not null)
                builder.SetOAuthBearerTokenRefreshHandler(TokenRefresh.Guard(tokenRefreshHandler, logger));
            using var admin = builder.Build();
            return question(admin);
        });

    /// <returns>The default where there is no answer.</returns>
    private static T? Try<T>(ILogger logger, Func<T> question)
    {
        try
        {
            return question();
        }
#pragma warning disable CA1031 // No answer, whatever the reason: asked again later.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Client(logger, "probe", exception.Message);
            return default;
        }
    }

    private static Dictionary<string, string> OfAnyClient(ClientConfig settings) =>
        new Dictionary<string, string>(settings).Where(setting => IsOfAnyClient(setting.Key)).ToDictionary();

    // An idempotent client would ask for an identity that it does not need.
    private static bool IsOfAnyClient(string setting) =>
        !ConsumerOnly.Names.Contains(setting)
        && !setting.StartsWith("dotnet.", StringComparison.Ordinal)
        && setting is not ("enable.idempotence" or "enable.gapless.guarantee" or "statistics.interval.ms");
}

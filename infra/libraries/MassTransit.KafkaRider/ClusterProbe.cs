using System.Text.RegularExpressions;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace MassTransit.KafkaIntegration;

/// <summary>
/// Asks the cluster with a client that is opened for the one question: a client that is stuck may have lost its list of brokers, and would say
/// that none answers.
/// </summary>
internal static class ClusterProbe
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);

    /// <summary>Whether a broker answers.</summary>
    public static bool Answers(ClientConfig settings, Action<IClient, string>? tokenRefreshHandler, ILogger logger) =>
        Ask(settings, tokenRefreshHandler, logger, admin => admin.GetMetadata(_timeout).Brokers.Count > 0);

    /// <summary>
    /// Whether a group could have members: the topic exists, or one that the pattern names, and the coordinator answers. While a group moves to
    /// another coordinator brokers answer, and no client is at fault for being out.
    /// </summary>
    public static bool LetsIn(string group, string topic, ClientConfig settings, Action<IClient, string>? tokenRefreshHandler, ILogger logger) =>
        Ask(settings, tokenRefreshHandler, logger, admin => Has(admin, topic) && CoordinatorAnswers(admin, group, topic));

    private static bool Has(IAdminClient admin, string topic) =>
        TopicPattern.Is(topic)
            ? admin.GetMetadata(_timeout).Topics.Exists(known => Regex.IsMatch(known.Topic, topic) && known.Error.Code == ErrorCode.NoError)
            : admin.GetMetadata(topic, _timeout).Topics.Exists(known => known.Topic == topic && known.Error.Code == ErrorCode.NoError);

    private static bool CoordinatorAnswers(IAdminClient admin, string group, string topic)
    {
        var asked = new ConsumerGroupTopicPartitions(group, TopicPattern.Is(topic) ? null : [new TopicPartition(topic, 0)]);
        admin.ListConsumerGroupOffsetsAsync([asked], new ListConsumerGroupOffsetsOptions { RequestTimeout = _timeout }).GetAwaiter().GetResult();
        return true;
    }

    private static bool Ask(ClientConfig settings, Action<IClient, string>? tokenRefreshHandler, ILogger logger, Func<IAdminClient, bool> question)
    {
        try
        {
            var client = new AdminClientConfig(new Dictionary<string, string>(settings).Where(setting => IsOfAnyClient(setting.Key)).ToDictionary());
            var builder = new AdminClientBuilder(client).SetLogHandler((_, message) => Log.Client(logger, message.Name, message.Message));
            if (tokenRefreshHandler is not null)
                builder.SetOAuthBearerTokenRefreshHandler(TokenRefresh.Guard(tokenRefreshHandler, logger));
            using var admin = builder.Build();
            return question(admin);
        }
#pragma warning disable CA1031 // No answer, whatever the reason: asked again later.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Client(logger, "probe", exception.Message);
            return false;
        }
    }

    // An idempotent client would ask for an identity that it does not need.
    private static bool IsOfAnyClient(string setting) =>
        !ConsumerOnly.Names.Contains(setting)
        && !setting.StartsWith("dotnet.", StringComparison.Ordinal)
        && setting is not ("enable.idempotence" or "enable.gapless.guarantee" or "statistics.interval.ms");
}

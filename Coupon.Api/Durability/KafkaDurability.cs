using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Coupon.Api.Messaging;
using Coupon.Api.Stock;

namespace Coupon.Api.Durability;

/// <summary>Compares the topic's configuration with what docs/durability.md promises, at start, and warns where it is weaker.</summary>
internal sealed class KafkaDurability(IConfiguration configuration, TopicNames topics, ILogger<KafkaDurability> logger) : BackgroundService
{
    private const int SoundReplicas = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // The client's own threads wait; nothing of this instance does.
            var settings = await Task.Run(() => ReadAsync(stoppingToken), stoppingToken);
            if (int.TryParse(settings.GetValueOrDefault("min.insync.replicas"), NumberStyles.None, CultureInfo.InvariantCulture, out var replicas) && replicas < SoundReplicas)
                Log.KafkaIsWeaker(logger, topics.CouponIssued, "min.insync.replicas", $"{replicas}", "2 of 3 replicas", "what the last broker acknowledged alone is lost with its disk");
            if (settings.GetValueOrDefault("unclean.leader.election.enable") == "true")
                Log.KafkaIsWeaker(logger, topics.CouponIssued, "unclean.leader.election.enable", "true", "false", "a broker that was behind may become the leader, and what it lacks is lost");
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        catch (KafkaException exception)
        {
            // No right to ask, no broker yet, or one without an administrative interface.
            Log.KafkaConfigUnreadable(logger, exception.Error.Reason);
        }
    }

    private async Task<Dictionary<string, string>> ReadAsync(CancellationToken cancellationToken)
    {
        var brokers = configuration.GetRequiredConnectionString("Kafka");
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = brokers, ClientId = "coupon-api" }).SetLogHandler((_, _) => { }).Build();
        var topic = new ConfigResource { Type = ResourceType.Topic, Name = topics.CouponIssued };
        var found = await admin.DescribeConfigsAsync([topic], new DescribeConfigsOptions { RequestTimeout = Patience }).WaitAsync(cancellationToken);
        return found.Single().Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value);
    }
}

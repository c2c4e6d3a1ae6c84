using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Coupon.Stock.Tail;

namespace Coupon.Api.Durability;

/// <summary>
/// Compares the configuration of both topics with docs/durability.md at start, and warns where it is weaker: an accepted issuance may be in one of
/// them and nowhere else.
/// </summary>
internal sealed class KafkaDurability(TailSettings tail, TimeProvider time, ILogger<KafkaDurability> logger) : StartUpCheck(time)
{
    private const int SoundReplicas = 2;

    // The default of a broker (log.retention.hours=168); consumers must not be away for longer. -1 means for ever, and does not parse without a sign.
    private static readonly TimeSpan _soundRetention = TimeSpan.FromDays(7);

    private static readonly TimeSpan _requestTimeout = TimeSpan.FromSeconds(5);
    private readonly HashSet<string> _asked = [];

    protected override async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        foreach (var topic in (string[])[tail.Topics.CouponIssued, tail.Topics.DeadLetters])
        {
            if (_asked.Contains(topic))
                continue;

            // On another thread, because building the client and its request can block.
            var settings = await Task.Run(() => ReadAsync(topic, cancellationToken), cancellationToken);
            if (
                int.TryParse(settings.GetValueOrDefault("min.insync.replicas"), NumberStyles.None, CultureInfo.InvariantCulture, out var replicas)
                && replicas < SoundReplicas
            )
                Log.KafkaIsWeaker(
                    logger,
                    topic,
                    "min.insync.replicas",
                    $"{replicas}",
                    "2 of 3 replicas",
                    "what the last broker acknowledged alone is lost with its disk"
                );
            if (settings.GetValueOrDefault("unclean.leader.election.enable") == "true")
                Log.KafkaIsWeaker(
                    logger,
                    topic,
                    "unclean.leader.election.enable",
                    "true",
                    "false",
                    "a broker that was behind may become the leader, and what it lacks is lost"
                );
            if (
                long.TryParse(settings.GetValueOrDefault("retention.ms"), NumberStyles.None, CultureInfo.InvariantCulture, out var kept)
                && kept < _soundRetention.TotalMilliseconds
            )
                Log.KafkaIsWeaker(
                    logger,
                    topic,
                    "retention.ms",
                    $"{kept}",
                    $"{_soundRetention.TotalMilliseconds:0} or more",
                    "what consumers have not read by then is deleted"
                );
            if (long.TryParse(settings.GetValueOrDefault("retention.bytes"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
                Log.KafkaIsWeaker(logger, topic, "retention.bytes", $"{bytes}", "-1", "what consumers have not read is deleted, however young it is");
            _asked.Add(topic);
        }

        return true;
    }

    // The broker is away, has no such topic yet, denies the right, or has no administrative interface.
    protected override void CannotAsk(string reason) => Log.KafkaConfigUnreadable(logger, reason);

    private async Task<Dictionary<string, string>> ReadAsync(string topic, CancellationToken cancellationToken)
    {
        using var admin = new AdminClientBuilder(tail.Client).SetLogHandler((_, _) => { }).Build();
        var found = await admin
            .DescribeConfigsAsync(
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }],
                new DescribeConfigsOptions { RequestTimeout = _requestTimeout }
            )
            .WaitAsync(cancellationToken);
        return found.Single().Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value);
    }
}

using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Coupon.Stock.Tail;
using Microsoft.Extensions.Options;

namespace Coupon.Api.Durability;

/// <summary>
/// Compares the configuration of both topics with what docs/durability.md promises, at start, and warns where it is weaker: an accepted issuance may
/// be in
/// either, and nowhere else.
/// </summary>
internal sealed class KafkaDurability(IOptions<TailOptions> options, TimeProvider time, ILogger<KafkaDurability> logger) : StartUpCheck(time)
{
    private const int SoundReplicas = 2;

    // What a broker has by itself. Consumers must never be away for longer; -1, for ever, does not parse as a number without a sign.
    private static readonly TimeSpan _soundRetention = TimeSpan.FromDays(7);

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private readonly HashSet<string> _asked = [];

    protected override async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        foreach (var topic in (string[])[options.Value.CouponIssuedTopic, options.Value.DeadLettersTopic])
        {
            if (_asked.Contains(topic))
                continue;

            // The client's own threads wait; nothing of this instance does.
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

    // No broker yet, no such topic yet, no right to ask, or no administrative interface.
    protected override void CannotAsk(string reason) => Log.KafkaConfigUnreadable(logger, reason);

    private async Task<Dictionary<string, string>> ReadAsync(string topic, CancellationToken cancellationToken)
    {
        using var admin = new AdminClientBuilder(options.Value.Client).SetLogHandler((_, _) => { }).Build();
        var found = await admin
            .DescribeConfigsAsync(
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }],
                new DescribeConfigsOptions { RequestTimeout = _patience }
            )
            .WaitAsync(cancellationToken);
        return found.Single().Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value);
    }
}

using System.Net;
using StackExchange.Redis;

namespace Coupon.Api.Durability;

/// <summary>Compares the configuration of Redis with docs/durability.md at start, and warns where it is weaker.</summary>
internal sealed class RedisDurability(IConnectionMultiplexer redis, TimeProvider time, ILogger<RedisDurability> logger) : StartUpCheck(time)
{
    private static readonly (string Setting, string[] Sound, string Consequence)[] _expectations =
    [
        (
            "appendonly",
            ["yes"],
            "a restart loses all since the last snapshot; a verification restores what MySQL and Kafka have, and what only the outbox held is lost"
        ),
        ("appendfsync", ["everysec", "always"], "a power cut loses what the operating system had not written, possibly half a minute"),
        ("maxmemory-policy", ["noeviction"], "Redis may evict coupons when memory is short: each is then verified before it sells on"),
    ];

    private readonly HashSet<EndPoint> _asked = [];

    // Replicas too: each may become the primary.
    protected override async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        var servers = redis.GetServers();
        foreach (var server in servers.Where(server => server.IsConnected && !_asked.Contains(server.EndPoint)))
        {
            foreach (var (setting, sound, consequence) in _expectations)
            {
                if (await ReadAsync(server, setting) is { } found && !sound.Contains(found))
                    Log.RedisIsWeaker(logger, setting, found, sound[0], consequence);
            }

            _asked.Add(server.EndPoint);
        }

        return Array.TrueForAll(servers, server => _asked.Contains(server.EndPoint));
    }

    protected override void CannotAsk(string reason) => Log.RedisConfigUnreadable(logger, "configuration", reason);

    private async Task<string?> ReadAsync(IServer server, string setting)
    {
        try
        {
            return (string?)((RedisResult[]?)await server.ExecuteAsync("CONFIG", "GET", setting))?.ElementAtOrDefault(1);
        }
        catch (Exception exception) when (exception is RedisServerException or RedisCommandException)
        {
            // Managed services often forbid CONFIG.
            Log.RedisConfigUnreadable(logger, setting, exception.Message);
            return null;
        }
    }
}

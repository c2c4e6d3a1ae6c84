using Coupon.LocalServers;
using Coupon.Tests.Servers;
using StackExchange.Redis;

namespace Coupon.Tests.Rights;

/// <summary>The blocks of docs/rights.md: what is documented is what is tested.</summary>
internal static class RightsPage
{
    public static string Block(string name)
    {
        var page = File.ReadAllText(Path.Combine(Snapshot.SourceFolder, "docs", "rights.md"));
        var from = page.IndexOf($"```{name}\n", StringComparison.Ordinal) + name.Length + 4;
        return page[from..page.IndexOf("\n```", from, StringComparison.Ordinal)];
    }

    /// <summary>Gives a Redis the documented user.</summary>
    public static async Task AddRedisUserAsync(IServer redis, string password)
    {
        var words = Block("redis-acl")
            .Replace("PASSWORD", password, StringComparison.Ordinal)
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        await redis.ExecuteAsync(words[0], words[1..]);
    }
}

/// <summary>A Redis as the service reaches it: by another address, or as another user, than the test. The test stops it.</summary>
internal sealed class RestrictedRedis(LocalRedis redis, string connectionString) : IRunningServer
{
    public string ConnectionString => connectionString;

    public string Description => redis.Description;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

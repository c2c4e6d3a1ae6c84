using System.Globalization;
using System.Text;

namespace Coupon.Faults.Schedules;

/// <summary>The names of the parts of a run, and of faults as people write them.</summary>
internal static class Names
{
    public const string Redis = "redis";
    public const string Kafka = "kafka";
    public const string MySql = "mysql";

    /// <summary>The instances of the API.</summary>
    public static IReadOnlyList<string> Apis { get; } = ["api-1", "api-2"];

    /// <summary>The consumers.</summary>
    public static IReadOnlyList<string> Consumers { get; } = ["consumer-1", "consumer-2"];

    /// <summary>The processes that run from the beginning.</summary>
    public static IReadOnlyList<string> Processes { get; } = [.. Apis, .. Consumers];

    /// <summary>The instance of the API that may come in the middle.</summary>
    public const string SpareApi = "api-3";

    /// <summary>The consumer that may come in the middle.</summary>
    public const string SpareConsumer = "consumer-3";

    /// <summary>Every process that a run can have.</summary>
    public static IReadOnlyList<string> AllProcesses { get; } = [.. Processes, SpareApi, SpareConsumer];

    /// <summary>The servers.</summary>
    public static IReadOnlyList<string> Servers { get; } = [Redis, Kafka, MySql];

    /// <summary>Whether a process is an instance of the API.</summary>
    public static bool IsApi(string process) => process.StartsWith("api-", StringComparison.Ordinal);

    /// <summary>One of several servers of a kind, numbered from 1: <c>redis-2</c>.</summary>
    public static string Node(string server, int number) => string.Create(CultureInfo.InvariantCulture, $"{server}-{number}");

    /// <summary>The number of such a server; null: the name stands for all of its kind.</summary>
    public static int? NumberOf(string server) =>
        server.LastIndexOf('-') is var at and > 0 ? int.Parse(server.AsSpan(at + 1), CultureInfo.InvariantCulture) : null;

    /// <summary>The kind of such a server: <c>redis</c>.</summary>
    public static string KindOf(string server) => server.LastIndexOf('-') is var at and > 0 ? server[..at] : server;

    /// <summary><c>FreezeMySql</c> is <c>freeze-my-sql</c>.</summary>
    public static string Of(FaultKind kind) => WithDashes(kind.ToString());

    /// <summary><c>RedisReplica</c> is <c>redis-replica</c>.</summary>
    public static string Of(StackKind stack) => WithDashes(stack.ToString());

    private static string WithDashes(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}

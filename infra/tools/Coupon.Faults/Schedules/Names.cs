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

    /// <summary>All processes of the service.</summary>
    public static IReadOnlyList<string> Processes { get; } = [.. Apis, .. Consumers];

    /// <summary>The servers.</summary>
    public static IReadOnlyList<string> Servers { get; } = [Redis, Kafka, MySql];

    /// <summary><c>FreezeMySql</c> is <c>freeze-my-sql</c>.</summary>
    public static string Of(FaultKind kind)
    {
        var text = new StringBuilder();
        foreach (var letter in kind.ToString())
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}

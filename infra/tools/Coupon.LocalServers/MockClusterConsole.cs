using System.Globalization;

namespace Coupon.LocalServers;

/// <summary>
/// The mock cluster's own process: <c>dotnet Coupon.LocalServers.dll mock-kafka BROKERS</c>. The first line that it prints is the bootstrap address;
/// then each line of standard input is a command, answered by a line with librdkafka's error code. The process ends with its input.
/// </summary>
internal static class MockClusterConsole
{
    /// <summary>More than any test needs, and few enough to start at once.</summary>
    public const int MostBrokers = 100;

    /// <summary>Reads a number of brokers.</summary>
    public static bool TryCount(string text, out int brokers) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out brokers) && brokers is >= 1 and <= MostBrokers;

    public static int Run(int brokers)
    {
        var cluster = new MockCluster(brokers);
        Console.WriteLine(cluster.BootstrapServers);
        while (Console.ReadLine() is { } line)
            Console.WriteLine(Execute(cluster, line.Split(' ')));
        return 0;
    }

    private static int Execute(MockCluster cluster, string[] words) =>
        words switch
        {
            ["create-topic", var topic, var partitions] => cluster.CreateTopic(topic, Number(partitions)),
            ["broker-down", var broker] => cluster.SetBrokerDown(Number(broker)),
            ["broker-up", var broker] => cluster.SetBrokerUp(Number(broker)),
            ["round-trip", var broker, var milliseconds] => cluster.SetRoundTrip(Number(broker), Number(milliseconds)),
            ["request-errors", var apiKey, .. var errors] => cluster.PushRequestErrors((short)Number(apiKey), [.. errors.Select(Number)]),
            ["clear-request-errors", var apiKey] => cluster.ClearRequestErrors((short)Number(apiKey)),
            _ => int.MinValue,
        };

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}

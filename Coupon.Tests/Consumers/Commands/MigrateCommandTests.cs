using System.Globalization;
using Confluent.Kafka;
using Coupon.LocalServers;
using Coupon.Tests.Servers;
using MySqlConnector;

namespace Coupon.Tests.Consumers.Commands;

public sealed class MigrateCommandTests(TestServers servers)
{
    // With 1, as infra/run sets it, what comes over a socket is handled by the thread that serves it: code that blocks there waits for itself.
    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task It_creates_the_database_and_the_topics_and_a_second_run_changes_nothing(string inlineCompletions)
    {
        var kafka = await servers.KafkaAsync();
        var environment = Environment(kafka.ConnectionString, await NewDatabaseAsync());
        await CreateWhereMigrateCannotAsync(kafka, environment);

        environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = inlineCompletions;
        var first = await CommandLineRun.RunAsync(environment, "migrate");
        var second = await CommandLineRun.RunAsync(environment, "migrate");

        Assert.Equal((0, ""), (first.ExitCode, first.Words));
        Assert.Contains("Initial", first.Output, StringComparison.Ordinal);
        Assert.Equal(0, second.ExitCode);
        Assert.Contains("schema: up to date", second.Output, StringComparison.Ordinal);
        if (kafka.IsLossy)
            return;
        Assert.Contains($"topic {environment["Topics__CouponIssued"]}: created", first.Output, StringComparison.Ordinal);
        Assert.Contains($"topic {environment["Topics__CouponIssued"]}: exists", second.Output, StringComparison.Ordinal);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.ConnectionString }).Build();
        Assert.Equal(7, admin.GetMetadata(environment["Topics__CouponIssued"], TimeSpan.FromSeconds(10)).Topics.Single().Partitions.Count);
    }

    [Fact]
    public async Task Topics_that_the_cluster_does_not_create_in_time_are_named_and_a_failure()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: ConsumerFixture.Stop);
        var environment = Environment(kafka.ConnectionString, await NewDatabaseAsync());

        var run = await CommandLineRun.RunAsync(environment, "migrate", "--wait", "3");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(environment["Topics__CouponIssued"], run.Words, StringComparison.Ordinal);
        Assert.Contains(environment["Topics__DeadLetters"], run.Words, StringComparison.Ordinal);

        // Repeated when the servers are up, the command succeeds.
        await kafka.CreateTopicAsync(environment["Topics__CouponIssued"], 1, ConsumerFixture.Stop);
        await kafka.CreateTopicAsync(environment["Topics__DeadLetters"], 1, ConsumerFixture.Stop);
        Assert.Equal(0, (await CommandLineRun.RunAsync(environment, "migrate", "--wait", "3")).ExitCode);
    }

    [Fact]
    public async Task Topics_that_a_slow_cluster_creates_later_are_waited_for()
    {
        await using var kafka = await MockKafka.StartAsync(cancellationToken: ConsumerFixture.Stop);
        await using var link = TcpProxy.To(int.Parse(kafka.ConnectionString.Split(':')[1], CultureInfo.InvariantCulture));
        var environment = Environment(link.Address, await NewDatabaseAsync());

        // Each attempt has a client of its own, which connects anew: several have found no topics by then.
        var run = CommandLineRun.RunAsync(environment, "migrate", "--wait", "120");
        await Eventually.IsTrueAsync(() => link.Accepted >= 10 || run.IsCompleted, otherwise: () => $"{link.Accepted} connections");
        await kafka.CreateTopicAsync(environment["Topics__CouponIssued"], 1, ConsumerFixture.Stop);
        await kafka.CreateTopicAsync(environment["Topics__DeadLetters"], 1, ConsumerFixture.Stop);

        Assert.Equal((0, ""), ((await run).ExitCode, (await run).Words));
        Assert.Contains($"topic {environment["Topics__DeadLetters"]}: created", (await run).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_at_once_do_not_disturb_each_other()
    {
        var kafka = await servers.KafkaAsync();
        var environment = Environment(kafka.ConnectionString, await NewDatabaseAsync());
        await CreateWhereMigrateCannotAsync(kafka, environment);

        var runs = await Task.WhenAll(CommandLineRun.RunAsync(environment, "migrate"), CommandLineRun.RunAsync(environment, "migrate"));

        Assert.All(runs, run => Assert.Equal((0, ""), (run.ExitCode, run.Words)));
    }

    [Fact]
    public async Task A_server_that_does_not_come_up_in_time_is_named()
    {
        var run = await CommandLineRun.RunAsync(
            Environment("127.0.0.1:1", "Server=127.0.0.1;Port=1;User=x;Database=y;Connection Timeout=1"),
            "migrate",
            "--wait",
            "1"
        );

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("MySQL could not be reached for 1 s", run.Words, StringComparison.Ordinal);
    }

    // The mock cluster has no admin protocol.
    private static async Task CreateWhereMigrateCannotAsync(IKafkaServer kafka, Dictionary<string, string> environment)
    {
        if (!kafka.IsLossy)
            return;
        await kafka.CreateTopicAsync(environment["Topics__CouponIssued"], 1, ConsumerFixture.Stop);
        await kafka.CreateTopicAsync(environment["Topics__DeadLetters"], 1, ConsumerFixture.Stop);
    }

    private async Task<string> NewDatabaseAsync() =>
        new MySqlConnectionStringBuilder((await servers.MySqlAsync()).ConnectionString) { Database = UniqueName.From("coupon") }.ConnectionString;

    private static Dictionary<string, string> Environment(string kafka, string mySql) =>
        new()
        {
            ["ConnectionStrings__Kafka"] = kafka,
            ["ConnectionStrings__MySql"] = mySql,
            ["Topics__CouponIssued"] = UniqueName.From("coupon-issued"),
            ["Topics__DeadLetters"] = UniqueName.From("dead-letters"),
            ["Kafka__Partitions"] = "7",
            ["Kafka__AdminTimeout"] = "00:00:01",
        };
}

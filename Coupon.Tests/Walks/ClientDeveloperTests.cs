using System.Text.Json;
using System.Text.RegularExpressions;
using Coupon.Sale.Deployment;
using Coupon.Tests.Api;
using Coupon.Tests.Consumers;
using Coupon.Tests.Consumers.Commands;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Walks;

/// <summary>
/// The walk of a client developer, in a real shell: the commands of the README as they stand there, whose answers must be those that stand there;
/// then the state of the issuance, and the events of the coupon.
/// </summary>
public sealed partial class ClientDeveloperTests(TestServers servers)
{
    private static readonly string[] _ofThisRun = ["createdAt", "issuedAt", "epoch"];

    [Fact]
    public async Task The_walk_with_curl_answers_what_the_README_says()
    {
        await using var api = new ApiUnderTest(servers) { Settings = { ["Events:Duration"] = "00:00:01" } };
        await api.InitializeAsync();
        await using var consumer = await ConsumerFixture.StartAsync(api.Service, owns: false);
        var shell = new Dictionary<string, string>
        {
            ["API"] = api.Http.BaseAddress!.ToString().TrimEnd('/'),
            ["OPS"] = api.OperatorsDoor.ToString().TrimEnd('/'),
            ["K"] = $"X-Operator-Key: {ServiceProcess.OperatorKey}",
        };
        var walk = WrittenWalk.Of("A walk with curl");
        var writtenId = walk.Single(step => step.Command.StartsWith("ID=", StringComparison.Ordinal)).Command[3..];
        Assert.Equal(4, walk.Count(step => step.Command.StartsWith("curl ", StringComparison.Ordinal)));

        foreach (var (command, written) in walk.Where(step => step.Command.StartsWith("curl ", StringComparison.Ordinal)))
        {
            var (expected, last) = (Lines(written.Replace(writtenId, shell.GetValueOrDefault("ID", writtenId), StringComparison.Ordinal)), "");

            // The row is written a moment later, and the balance says so then.
            await Eventually.IsTrueAsync(
                async () =>
                {
                    last = await RunAsync(command, shell);
                    if (!shell.ContainsKey("ID"))
                    {
                        shell["ID"] = Id().Match(last).Groups["id"].Value;
                        expected = Lines(written.Replace(writtenId, shell["ID"], StringComparison.Ordinal));
                    }
                    var answered = Lines(last);
                    return expected.All(answered.Contains) || !command.EndsWith("/balance", StringComparison.Ordinal);
                },
                () => $"{command} answers {last}"
            );
            Assert.Subset(Lines(last).ToHashSet(), expected.ToHashSet());
        }

        // As the sentences below the walk have it.
        await Eventually.IsTrueAsync(
            async () => (await RunAsync("curl $API/coupons/$ID/issuances/42", shell)).Contains("\"status\":\"issued\"", StringComparison.Ordinal),
            "the issuance to be issued"
        );
        Assert.Contains("\"remaining\":99", await RunAsync("curl -N $API/coupons/$ID/events", shell), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string command, Dictionary<string, string> shell)
    {
        var run = await CommandLineRun.ProgramAsync("bash", ["--norc", "-euc", command], shell, input: "");
        Assert.True(run.ExitCode == 0, $"{command}: {run.ExitCode} {run.Words}");
        return run.Output;
    }

    // What differs from run to run is left out of bodies; of the headers, the README shows the first and the place.
    private static List<string> Lines(string answer) =>
        [
            .. answer
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => line[0] == '{' ? Stable(line) : line),
        ];

    private static string Stable(string body) =>
        string.Join(
            ',',
            JsonDocument
                .Parse(body)
                .RootElement.EnumerateObject()
                .Select(member => _ofThisRun.Contains(member.Name) ? member.Name : $"{member.Name}:{member.Value.GetRawText()}")
        );

    [GeneratedRegex("\"id\":(?<id>[0-9]+)")]
    private static partial Regex Id();
}

using System.Globalization;
using Coupon.LocalServers;

namespace Coupon.Tests.Sale;

/// <summary>The program behind <c>infra/run</c>, as a process.</summary>
public sealed class InterruptedSaleTests
{
    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ctrl_C_after_a_sale_stops_everything_that_was_started_and_ends_with_code_zero()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Coupon.Sale.dll");

        // A shell that runs the tests in the background has Ctrl-C ignored by all that it starts.
        string[] command =
        [
            "--default-signal=INT",
            "dotnet",
            program,
            "--users",
            "20",
            "--stock",
            "5",
            "--requests",
            "1",
            "--clients",
            "5",
            "--instances",
            "1",
            "--stay",
        ];
        using var sale = await ChildProcess.StartAsync(new ChildCommand("env", command), logFile: null);
        List<string> said = [];
        while (await sale.Output.ReadLineAsync(_cancellation).AsTask().WaitAsync(TimeSpan.FromMinutes(2), _cancellation) is { } line)
        {
            said.Add(line);
            if (line.StartsWith("Ctrl-C stops everything", StringComparison.Ordinal))
                break;
        }

        // First of all what a newcomer wants to see.
        var button = Assert.Single(said, line => line.StartsWith("the button", StringComparison.Ordinal)).TrimEnd().Split(' ')[^1];
        using var http = new HttpClient();
        Assert.Contains("<button", await http.GetStringAsync(button, _cancellation), StringComparison.Ordinal);
        Assert.Contains(said, line =>
            line.StartsWith("the console", StringComparison.Ordinal) && line.Contains("sign in with", StringComparison.Ordinal)
        );
        var started = ChildrenOf(sale.Id);

        // Redis, MySQL, Kafka or the mock cluster, the API, the consumer; less where servers are given.
        Assert.True(started.Count >= 2, string.Join('\n', said));
        sale.Signal(UnixSignal.Interrupt);
        await sale.WaitForExitAsync(_cancellation).WaitAsync(TimeSpan.FromMinutes(1), _cancellation);

        Assert.Equal(0, sale.ExitCode);
        Assert.DoesNotContain(started, ChildProcess.IsAlive);
    }

    private static List<int> ChildrenOf(int parent) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
                .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
                .Where(id => ParentOf(id) == parent),
        ];

    // "4711 (a name) S 4710 …": the name may hold anything, brackets too.
    private static int ParentOf(int id)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Coupon.LocalServers;

namespace Coupon.Tests.LocalServers;

public sealed class ChildProcessTests
{
    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_dies_with_a_parent_that_is_killed_without_a_word()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && LocalRedis.IsInstalled, "Only Linux kills children with their parent.");

        var assembly = typeof(ChildProcess).Assembly.Location;

        // One that is given, or in a container, would not be its child.
        var alone = new Dictionary<string, string> { ["COUPON_REDIS"] = "", ["DOCKER_HOST"] = $"tcp://127.0.0.1:{FreePort.OfNobody}" };
        using var parent = await ChildProcess.StartAsync(
            new ChildCommand("dotnet", assembly, "start", "redis") { Environment = alone },
            logFile: null
        );
        var address = (await parent.Output.ReadLineAsync(_cancellation))!.Split('\'')[1];
        Assert.True(Listens(address));

        await parent.KillAsync();

        await EventuallyAsync(() => !Listens(address));
    }

    [Fact]
    public async Task A_child_that_ignores_the_request_to_stop_is_killed()
    {
        using var child = await ChildProcess.StartAsync(
            new ChildCommand("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"),
            logFile: null
        );
        await child.Output.ReadLineAsync(_cancellation);

        Assert.False(await child.StopAsync(TimeSpan.FromMilliseconds(300)));
        Assert.True(child.HasExited);
    }

    [Fact]
    public async Task A_child_that_was_frozen_has_no_thread_that_runs()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells the state of each thread.");
        using var child = await ChildProcess.StartAsync(new ChildCommand("sh", "-c", "echo ready; while :; do :; done"), logFile: null);
        await child.Output.ReadLineAsync(_cancellation);

        for (var round = 0; round < 1_000; round++)
        {
            child.Freeze();
            var stat = await File.ReadAllTextAsync($"/proc/{child.Id}/stat", _cancellation);
            Assert.Contains(") T ", stat, StringComparison.Ordinal);
            child.Thaw();
        }

        await child.KillAsync();
    }

    [Fact]
    public async Task A_server_that_does_not_start_says_why()
    {
        var options = new LocalRedisOptions { Arguments = ["--no-such-setting", "1"] };
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => LocalRedis.StartAsync(options, _cancellation));
        Assert.Contains("no-such-setting", exception.Message, StringComparison.Ordinal);
    }

    private static bool Listens(string address)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPEndPoint.Parse(address));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), "It never came true.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _cancellation);
        }
    }
}

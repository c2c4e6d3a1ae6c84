using Coupon.LocalServers;
using Coupon.Tests.Servers;

namespace Coupon.Tests.LocalServers;

/// <summary>Servers in containers, where a Docker engine answers that Testcontainers can talk to.</summary>
public sealed class ContainerServerTests
{
    // Milliseconds. Before MySQL answers, which takes seconds, and after its container was made.
    private static readonly TimeSpan _soon = TimeSpan.FromMinutes(1);

    private static readonly Dictionary<string, string> _containers = new()
    {
        ["COUPON_REDIS"] = "",
        ["COUPON_KAFKA"] = "",
        ["COUPON_MYSQL"] = "",
    };

    private static CancellationToken _cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_three_servers_start_in_containers_that_their_owner_takes_along()
    {
        var engine = await EngineAsync();
        using var child = await StartAsync();

        foreach (var name in (string[])["REDIS", "KAFKA", "MYSQL"])
            Assert.StartsWith($"COUPON_{name}='", await child.Output.ReadLineAsync(_cancellation), StringComparison.Ordinal);
        var owner = ContainerOwner.Of(child.Id);
        Assert.Equal(3, await CountAsync(engine, owner));

        child.Signal(UnixSignal.Terminate);
        await child.WaitForExitAsync(_cancellation);
        Assert.Equal(0, await CountAsync(engine, owner));
    }

    [Fact]
    public async Task What_a_killed_process_has_left_the_next_one_removes()
    {
        var engine = await EngineAsync();
        using var child = await StartAsync("redis");
        await child.Output.ReadLineAsync(_cancellation);
        var owner = ContainerOwner.Of(child.Id);
        Assert.False(ContainerOwner.IsGone(owner));

        await child.KillAsync();
        Assert.True(ContainerOwner.IsGone(owner));
        Assert.Equal(1, await CountAsync(engine, owner));

        using var next = await StartAsync("redis");
        await next.Output.ReadLineAsync(_cancellation);
        Assert.Equal((0, 1), (await CountAsync(engine, owner), await CountAsync(engine, ContainerOwner.Of(next.Id))));
        Assert.True(await next.StopAsync(_soon));
    }

    [Fact]
    public async Task Ctrl_C_while_a_container_starts_leaves_none()
    {
        var engine = await EngineAsync();
        using var child = await StartAsync("mysql");
        var owner = ContainerOwner.Of(child.Id);
        await Eventually.IsTrueAsync(async () => await CountAsync(engine, owner) == 1, "the container is there");

        child.Signal(UnixSignal.Interrupt);
        await child.WaitForExitAsync(_cancellation);

        Assert.Equal(0, await CountAsync(engine, owner));
    }

    private static async Task<DockerEngine> EngineAsync()
    {
        var engine = await DockerEngine.UsableAsync();
        Assert.SkipWhen(engine is null, "No Docker engine answers.");
        return engine;
    }

    private static Task<ChildProcess> StartAsync(params string[] servers) =>
        ChildProcess.StartAsync(
            new ChildCommand("dotnet", [typeof(ChildProcess).Assembly.Location, "start", .. servers]) { Environment = _containers },
            logFile: null
        );

    private static async Task<int> CountAsync(DockerEngine engine, string owner) =>
        (await engine.ContainersAsync()).Count(container => container.Owner == owner);
}

using Coupon.LocalServers;

namespace Coupon.Benchmarks.Stack;

/// <summary>Servers under test that start one after the other and stop together.</summary>
/// <param name="logFolder">Takes what they log.</param>
internal sealed class ServerProcesses(string logFolder) : IAsyncDisposable
{
    private readonly List<ServerProcess> _started = [];

    /// <summary>Lets some parts start their servers. If one fails, all that have started are stopped.</summary>
    public static async Task<T> AllOrNoneAsync<T>(T parts, Func<T, Task> start)
        where T : IAsyncDisposable
    {
        try
        {
            await start(parts);
            return parts;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="InvalidOperationException">As <see cref="ServerProcess.StartAsync"/>.</exception>
    public async Task<ServerProcess> StartAsync(string name, ChildCommand command, CancellationToken cancellationToken)
    {
        var process = await ServerProcess.StartAsync(name, command, logFolder, cancellationToken);
        _started.Add(process);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started)
            await process.DisposeAsync();
    }
}

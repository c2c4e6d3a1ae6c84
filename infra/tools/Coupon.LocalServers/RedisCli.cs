using System.Globalization;
using System.Text;

namespace Coupon.LocalServers;

/// <summary>Runs redis-cli, which knows how to make and change a cluster.</summary>
public static class RedisCli
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>Sends one command to the server on a port.</summary>
    /// <returns>What it printed.</returns>
    public static Task<string> SendAsync(int port, params string[] command) =>
        RunAsync(["-p", port.ToString(CultureInfo.InvariantCulture), .. command]);

    /// <summary>Runs it with these arguments.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed, or took longer than two minutes.</exception>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var program = ProgramFile.Find("redis-cli")
            ?? throw new InvalidOperationException("There is no redis-cli on the PATH (Debian: apt-get install redis-tools).");
        using var process = await ChildProcess.StartAsync(new ChildCommand(program, arguments), null);
        process.Input.Close();
        using var patience = new CancellationTokenSource(_patience);
        var output = new StringBuilder();
        try
        {
            output.Append(await process.Output.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await process.KillAsync();
            throw new InvalidOperationException($"redis-cli {string.Join(' ', arguments)} took longer than {_patience}.");
        }

        // It ends with 0 also where the server answers with an error.
        return process.ExitCode == 0 && !output.ToString().StartsWith("ERR ", StringComparison.Ordinal)
            ? output.ToString()
            : throw new InvalidOperationException($"redis-cli {string.Join(' ', arguments)} failed:\n{output}");
    }
}

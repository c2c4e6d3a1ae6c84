using System.Globalization;
using Coupon.Benchmarks.Measuring;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;

namespace Coupon.Benchmarks.Stack;

/// <summary>A web server under test: its own process on a free port, ready when its health check says so.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan _startTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _stopPatience = TimeSpan.FromSeconds(30);
    private static readonly HttpClient _client = new();

    private readonly ChildProcess _process;

    private ServerProcess(string name, Uri address, Uri operators, ChildProcess process)
    {
        Name = name;
        Address = address;
        Operators = operators;
        _process = process;
    }

    public string Name { get; }

    public Uri Address { get; }

    /// <summary>The operators' door, where the server has one.</summary>
    public Uri Operators { get; }

    public int ProcessId => _process.Id;

    /// <summary>User and system time so far, in seconds.</summary>
    public double ProcessorSeconds => ProcessorTime.OfProcess(_process.Id);

    public double ResidentMegabytes => ProcessorTime.ResidentMegabytes(_process.Id);

    /// <summary>Seconds from the start of the process until it was ready.</summary>
    public double SecondsToReady { get; private init; }

    /// <param name="name">For messages and the log file.</param>
    /// <param name="command">The program; its address is added to the environment.</param>
    /// <param name="logFolder">Takes <c>NAME.log</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It ended, or was not ready within a minute.</exception>
    public static async Task<ServerProcess> StartAsync(string name, ChildCommand command, string logFolder, CancellationToken cancellationToken)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        var operators = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        var environment = new Dictionary<string, string>(command.Environment).With(
            LoadSettings.Doors(address, operators),
            LoadSettings.OneClientIsEveryUser
        );
        var started = TimeProvider.System.GetTimestamp();
        var process = await ChildProcess.StartAsync(command with { Environment = environment }, Path.Combine(logFolder, name + ".log"));
        try
        {
            while (!await IsReadyAsync(address, cancellationToken))
            {
                if (process.HasExited || TimeProvider.System.GetElapsedTime(started) > _startTimeout)
                    throw new InvalidOperationException($"{name} does not get ready. The end of its log:\n{process.LastOutput()}");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            }
        }
        catch
        {
            await process.KillAsync();
            process.Dispose();
            throw;
        }

        return new ServerProcess(name, address, operators, process) { SecondsToReady = TimeProvider.System.GetElapsedTime(started).TotalSeconds };
    }

    /// <summary>Stops the process (SIGSTOP): it keeps its memory and connections and uses no CPU time.</summary>
    public void Freeze() => _process.Freeze();

    public void Thaw() => _process.Thaw();

    public async ValueTask DisposeAsync()
    {
        // One that stands still cannot be asked.
        Thaw();
        if (!_process.HasExited)
            await _process.StopAsync(_stopPatience);
        _process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(address, "/health/ready"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

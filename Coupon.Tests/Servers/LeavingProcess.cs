using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Http;

namespace Coupon.Tests.Servers;

/// <summary>A real process of the service that is asked to stop while it works, and says how it ended.</summary>
internal sealed class LeavingProcess : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);
    private static readonly HttpClient _http = new();
    private static readonly Lazy<string> _logFolder = new(() => TemporaryFolder.Create("leaving"));

    private readonly ChildCommand _command;
    private readonly string _logFile;
    private ChildProcess _process;

    private LeavingProcess(Uri url, ChildCommand command, string logFile, ChildProcess process) =>
        (Url, _command, _logFile, _process) = (url, command, logFile, process);

    public Uri Url { get; }

    /// <summary>All that it has written so far.</summary>
    public string Log => File.ReadAllText(_process.LogFile!);

    /// <summary>A process of Coupon.Api or Coupon.Consumers, ready.</summary>
    public static async Task<LeavingProcess> StartAsync(ServiceSettings service, string project, params (string Name, string Value)[] settings)
    {
        var (url, operators) = (new Uri($"http://127.0.0.1:{FreePort.Next()}"), new Uri($"http://127.0.0.1:{FreePort.Next()}"));
        TwoDoors.Know(url, operators);
        var command = new ChildCommand("dotnet", ServiceFiles.Find(project))
        {
            Environment = service.Environment.With(
                LoadSettings.Doors(url, operators),
                settings.ToDictionary(setting => setting.Name, setting => setting.Value)
            ),
        };
        var logFile = Path.Combine(_logFolder.Value, $"{UniqueName.From(project)}.log");
        var process = new LeavingProcess(url, command, logFile, await ChildProcess.StartAsync(command, logFile));
        try
        {
            await process.UntilReadyAsync();
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM, as an orchestrator sends it, and the exit code of a process that ended by itself.</summary>
    public async Task<int> LeaveAsync()
    {
        Assert.True(await _process.StopAsync(_patience), $"It had to be killed. {_process.LastOutput()}");
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, without waiting for what comes of it.</summary>
    public void AskToLeave() => _process.Signal(UnixSignal.Terminate);

    /// <summary>Its successor at the same addresses, ready.</summary>
    public async Task StartAgainAsync()
    {
        _process.Dispose();
        _process = await ChildProcess.StartAsync(_command, _logFile);
        await UntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.KillAsync();
        _process.Dispose();
    }

    private Task UntilReadyAsync() => Eventually.IsTrueAsync(IsReadyAsync, () => $"It is not ready. {_process.LastOutput()}");

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process.HasExited, _process.LastOutput());
        try
        {
            using var answer = await _http.GetAsync(new Uri(Url, "/health/ready"), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

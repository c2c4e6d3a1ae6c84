using System.Net;
using System.Security.Cryptography;
using Coupon.LocalServers;

namespace Coupon.Sale.Deployment;

/// <summary>One running process of the service.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan _readyTimeout = TimeSpan.FromSeconds(60);

    // More than the 20 s that the service gives its own stop: a process that is killed then has exceeded its own limit.
    private static readonly TimeSpan _stopPatience = TimeSpan.FromSeconds(30);

    private readonly ChildCommand _command;
    private ChildProcess _process;

    private ServiceProcess(string name, Uri url, Uri operatorsUrl, ChildCommand command, ChildProcess process)
    {
        Name = name;
        Url = url;
        OperatorsUrl = operatorsUrl;
        _command = command;
        _process = process;
    }

    /// <summary>The key to the operators' doors of all processes that this program starts.</summary>
    public static string OperatorKey { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    public string Name { get; }

    /// <summary>The public door.</summary>
    public Uri Url { get; }

    /// <summary>The operators' door.</summary>
    public Uri OperatorsUrl { get; }

    public string LogFile => _process.LogFile!;

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Only once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Whether it had to be killed, because it did not stop when it was asked to.</summary>
    public bool HadToBeKilled { get; private set; }

    /// <summary>Starts a program of the service on a free port.</summary>
    /// <param name="project">Coupon.Api or Coupon.Consumers.</param>
    /// <param name="name">What to call it in messages and in the name of its log.</param>
    /// <param name="settings">Its configuration, as environment variables.</param>
    /// <param name="logFolder">Where its log goes.</param>
    public static async Task<ServiceProcess> StartAsync(string project, string name, IReadOnlyDictionary<string, string> settings, string logFolder)
    {
        var (url, operatorsUrl) = (new Uri($"http://127.0.0.1:{FreePort.Next()}"), new Uri($"http://127.0.0.1:{FreePort.Next()}"));
        var command = new ChildCommand("dotnet", ServiceFiles.Find(project))
        {
            Environment = settings.With(LoadSettings.Doors(url, operatorsUrl), LoadSettings.NoInlineCompletions),
        };
        return new ServiceProcess(name, url, operatorsUrl, command, await ChildProcess.StartAsync(command, Path.Combine(logFolder, $"{name}.log")));
    }

    /// <summary>Waits until it says that it is ready for work.</summary>
    public async Task WaitUntilReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var ready = new Uri(Url, "/health/ready");
        var started = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync(http, ready, cancellationToken))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{Name} ended with code {_process.ExitCode}:\n{_process.LastOutput()}");
            if (TimeProvider.System.GetElapsedTime(started) > _readyTimeout)
                throw new TimeoutException($"{Name} is not ready after {_readyTimeout.TotalSeconds} s:\n{_process.LastOutput()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>kill −9: what it had in memory is gone.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM, as an orchestrator sends it; false where it had to be killed after this time.</summary>
    public Task<bool> StopAsync(TimeSpan patience) => _process.StopAsync(patience);

    /// <summary>Its successor, with the same addresses, settings and log. Does not wait until it is ready.</summary>
    public async Task StartAgainAsync()
    {
        var log = LogFile;
        _process.Dispose();
        _process = await ChildProcess.StartAsync(_command, log);
    }

    /// <summary>Stops it in the middle of whatever it does, until <see cref="Thaw"/>.</summary>
    public void Freeze() => _process.Freeze();

    /// <summary>Lets it go on.</summary>
    public void Thaw() => _process.Thaw();

    /// <summary>Asks it to stop, as an orchestrator does; kills it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            HadToBeKilled = !await _process.StopAsync(_stopPatience);
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(url, cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

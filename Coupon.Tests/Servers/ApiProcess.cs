using Coupon.LocalStack;

namespace Coupon.Tests.Servers;

/// <summary>A real Coupon.Api in a process of its own, to be killed at will.</summary>
public sealed class ApiProcess : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly ChildProcess _process;

    private ApiProcess(ChildProcess process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    public bool HasExited => _process.HasExited;

    public string Log => _process.LastOutput(60);

    public static async Task<ApiProcess> StartAsync(ServiceSettings settings, params (string Name, string Value)[] more)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var environment = new Dictionary<string, string>(settings.Environment) { ["ASPNETCORE_URLS"] = url.ToString().TrimEnd('/') };
        foreach (var (name, value) in more) environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        var log = Path.Combine(Path.GetTempPath(), $"{UniqueName.From("api")}.log");
        var command = new ChildCommand("dotnet", BuiltProgram.Find("Coupon.Api")) { Environment = environment };
        var api = new ApiProcess(await ChildProcess.StartAsync(command, log), url);
        try
        {
            await api.WaitUntilReadyAsync();
            return api;
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }

    public Task KillAsync() => _process.KillAsync();

    public Task StopAsync() => _process.StopAsync(_patience);

    public async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        var started = TimeProvider.System.GetTimestamp();
        while (!await IsReadyAsync(http))
        {
            if (_process.HasExited || TimeProvider.System.GetElapsedTime(started) > _patience) throw new TimeoutException($"The API is not ready:\n{Log}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await _process.StopAsync(_patience);
        _process.Dispose();
        if (_process.LogFile is { } log) File.Delete(log);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}

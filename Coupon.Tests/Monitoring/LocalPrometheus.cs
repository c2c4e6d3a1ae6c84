using System.Net.Http.Json;
using System.Text.Json;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Servers;

namespace Coupon.Tests.Monitoring;

/// <summary>A Prometheus that asks processes of the service once a second, with the rules of the deployment.</summary>
internal sealed class LocalPrometheus : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly ChildProcess _process;
    private readonly string _folder;

    private LocalPrometheus(HttpClient http, ChildProcess process, string folder) => (_http, _process, _folder) = (http, process, folder);

    /// <summary>Starts one; the test is skipped where it is not installed.</summary>
    /// <param name="rules">The file of the alerts.</param>
    /// <param name="jobs">The name of each job, and what it asks.</param>
    public static async Task<LocalPrometheus> StartAsync(string rules, params (string Job, Uri Target)[] jobs)
    {
        var program = ProgramFile.Find("prometheus");
        Assert.SkipWhen(program is null, "Prometheus is not installed (Debian: apt-get install --no-install-recommends prometheus).");
        var (folder, port) = (TemporaryFolder.Create("prometheus"), FreePort.Next());
        var file = Path.Combine(folder, "prometheus.yaml");
        await File.WriteAllTextAsync(file, Configuration(rules, jobs));
        var process = await ChildProcess.StartAsync(
            new ChildCommand(
                program,
                [$"--config.file={file}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}"]
            ),
            Path.Combine(folder, "log")
        );
        var prometheus = new LocalPrometheus(new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") }, process, folder);
        try
        {
            await Eventually.IsTrueAsync(prometheus.IsReadyAsync, () => process.LastOutput());
            return prometheus;
        }
        catch
        {
            await prometheus.DisposeAsync();
            throw;
        }
    }

    /// <summary>Evaluates an expression now.</summary>
    /// <returns>Its values by their labels.</returns>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string expression)
    {
        var answer = await AskAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        Assert.True(answer.GetProperty("status").GetString() == "success", $"{expression}: {answer}");
        return [.. answer.GetProperty("data").GetProperty("result").EnumerateArray()];
    }

    /// <summary>The alerts, with their state and how their last evaluation went.</summary>
    public async Task<IReadOnlyList<(string Name, string State, string Health, string Error)>> AlertsAsync() =>
        [
            .. (await AskAsync("/api/v1/rules"))
                .GetProperty("data")
                .GetProperty("groups")
                .EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray())
                .Select(rule =>
                    (
                        rule.GetProperty("name").GetString()!,
                        rule.GetProperty("state").GetString()!,
                        rule.GetProperty("health").GetString()!,
                        rule.TryGetProperty("lastError", out var error) ? error.GetString()! : ""
                    )
                ),
        ];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
            await _process.KillAsync();
        _process.Dispose();
        TemporaryFolder.Delete(_folder);
    }

    private Task<JsonElement> AskAsync(string path) => _http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/-/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Configuration(string rules, (string Job, Uri Target)[] jobs) =>
        $$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["{{rules}}"]
            scrape_configs:
            {{string.Join('\n', jobs.GroupBy(job => job.Job, job => job.Target).Select(Job))}}
            """;

    private static string Job(IGrouping<string, Uri> job) =>
        $$"""
            - job_name: {{job.Key}}
              authorization: {credentials: {{ServiceProcess.OperatorKey}}}
              static_configs: [{targets: [{{string.Join(", ", job.Select(target => $"\"{target.Authority}\""))}}]}]
            """;
}

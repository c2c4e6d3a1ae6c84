using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using Coupon.Tests.Http;

namespace Coupon.Tests.Servers;

/// <summary>Real processes of the service, for what only a process can show: kill −9, a cold start, a stop in the middle of work.</summary>
internal static class ServiceProcesses
{
    private static readonly HttpClient _http = new();
    private static readonly Lazy<string> _logFolder = new(() => TemporaryFolder.Create("logs"));

    /// <summary>A process of Coupon.Api, ready; <paramref name="settings"/> as environment variables, <c>Issuing__ConfirmTimeout</c>.</summary>
    public static Task<ServiceProcess> StartApiAsync(this ServiceSettings service, params (string Name, string Value)[] settings) =>
        StartAsync(service, "Coupon.Api", settings);

    /// <summary>A process of Coupon.Consumers, ready.</summary>
    public static Task<ServiceProcess> StartConsumerAsync(this ServiceSettings service, params (string Name, string Value)[] settings) =>
        StartAsync(service, "Coupon.Consumers", settings);

    private static Task<ServiceProcess> StartAsync(ServiceSettings service, string project, (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>(service.Environment);
        foreach (var (name, value) in settings)
            environment[name] = value;
        return StartWithAsync(project, environment);
    }

    /// <summary>A process with this environment and no other setting, ready.</summary>
    public static async Task<ServiceProcess> StartWithAsync(string project, IReadOnlyDictionary<string, string> environment)
    {
        var process = await ServiceProcess.StartAsync(project, UniqueName.From(project), environment, _logFolder.Value);
        TwoDoors.Know(process.Url, process.OperatorsUrl);
        try
        {
            await process.WaitUntilReadyAsync(_http, TestContext.Current.CancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}

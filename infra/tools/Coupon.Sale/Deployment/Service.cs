using Coupon.LocalServers;
using MySqlConnector;

namespace Coupon.Sale.Deployment;

/// <summary>The whole service on this machine: servers, schema, instances of the API, one consumer.</summary>
internal sealed class Service(
    ServiceServers servers,
    IReadOnlyList<ServiceProcess> instances,
    ServiceProcess consumer,
    HttpClient http,
    string logFolder
) : IAsyncDisposable
{
    public ServiceServers Servers => servers;

    public IReadOnlyList<ServiceProcess> Instances => instances;

    public ServiceProcess Consumer => consumer;

    public HttpClient Http => http;

    public string LogFolder => logFolder;

    /// <summary>The database of the service.</summary>
    public string MySql { get; } = DatabaseOf(servers);

    public static async Task<Service> StartAsync(
        ServiceServers servers,
        int instanceCount,
        string logFolder,
        IReadOnlyDictionary<string, string> more,
        CancellationToken cancellationToken
    )
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__Redis"] = servers.Redis.ConnectionString,
            ["ConnectionStrings__Kafka"] = servers.Kafka.ConnectionString,
            ["ConnectionStrings__MySql"] = DatabaseOf(servers),
        }.With(LoadSettings.OneClientIsEveryUser, more);
        await Migration.RunAsync(servers, settings, logFolder, cancellationToken);

        // All at the same time, as in a rollout; each reports by itself when it is ready.
        var starting = Enumerable
            .Range(1, instanceCount)
            .Select(number => ServiceProcess.StartAsync("Coupon.Api", $"api-{number}", settings, logFolder))
            .Prepend(ServiceProcess.StartAsync("Coupon.Consumers", "consumer", settings, logFolder))
            .ToArray();
        var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Operator-Key", ServiceProcess.OperatorKey);
        try
        {
            var processes = await Task.WhenAll(starting);
            await Task.WhenAll(processes.Select(process => process.WaitUntilReadyAsync(http, cancellationToken)));
            return new Service(servers, processes[1..], processes[0], http, logFolder);
        }
        catch
        {
            foreach (var started in starting.Where(process => process.IsCompletedSuccessfully))
                await (await started).DisposeAsync();
            http.Dispose();
            throw;
        }
    }

    /// <summary>Stops the processes, the API first; the owner of the servers stops those.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(instances.Select(instance => instance.DisposeAsync().AsTask()));
        await consumer.DisposeAsync();
        http.Dispose();
        foreach (var process in instances.Append(consumer).Where(process => process.HadToBeKilled))
            await Console.Error.WriteLineAsync($"{process.Name} did not stop on SIGTERM and was killed.");
    }

    private static string DatabaseOf(ServiceServers servers) =>
        new MySqlConnectionStringBuilder(servers.MySql.ConnectionString) { Database = "coupon" }.ConnectionString;
}

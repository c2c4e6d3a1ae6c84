using Coupon.LocalServers;
using Coupon.Sale.Deployment;
using MySqlConnector;
using Spectre.Console;

namespace Coupon.Sale;

/// <summary>Starts the servers and the service, runs some work, and stops everything however the work ends.</summary>
internal static class Session
{
    public const int Good = 0;
    public const int Bad = 1;
    private const int Interrupted = 130;

    // Large enough that a load never waits for a checkpoint of the redo log.
    private static readonly LocalMySqlOptions _mySql = new() { BufferPoolMegabytes = 1024, RedoLogMegabytes = 512 };

    /// <param name="instances">How many instances of the API.</param>
    /// <param name="work">The work.</param>
    /// <param name="settings">Settings of the service beside those of every load.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The exit code: what the work returns, 1 if something did not start, 130 after Ctrl-C.</returns>
    public static async Task<int> RunAsync(
        int instances,
        Func<Service, Task<int>> work,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken
    )
    {
        var logFolder = TemporaryFolder.Create("logs");
        try
        {
            await using var servers = await ServiceServers.StartAsync(_mySql, cancellationToken);
            AnsiConsole.MarkupLineInterpolated($"Redis: {servers.Redis.Description}");
            AnsiConsole.MarkupLineInterpolated($"Kafka: {servers.Kafka.Description}");
            AnsiConsole.MarkupLineInterpolated($"MySQL: {servers.MySql.Description}");

            await using var service = await Service.StartAsync(servers, instances, logFolder, settings, cancellationToken);
            AnsiConsole.MarkupLineInterpolated($"Service: {instances} × Coupon.Api and 1 × Coupon.Consumers are ready");
            var code = await work(service);
            if (code == Good)
                TemporaryFolder.Delete(logFolder);
            else
                AnsiConsole.MarkupLineInterpolated($"The logs are in {logFolder}.");
            return code;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            AnsiConsole.MarkupLine("Stopped.");
            return Interrupted;
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or TimeoutException or IOException or HttpRequestException or MySqlException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{exception.Message}[/]");
            AnsiConsole.MarkupLineInterpolated($"The logs are in {logFolder}.");
            return Bad;
        }
    }
}

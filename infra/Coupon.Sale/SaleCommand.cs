using Coupon.LocalStack;
using Coupon.Sale.Deployment;
using Spectre.Console;

namespace Coupon.Sale;

/// <summary>Starts everything, holds the sale, reports, and stops everything in whatever way it ends.</summary>
internal static class SaleCommand
{
    private const int Good = 0;
    private const int Bad = 1;
    private const int Interrupted = 130;

    // The redo log must not be what a load waits for.
    private static readonly LocalMySqlOptions _mySql = new() { BufferPoolMegabytes = 1024, RedoLogMegabytes = 512 };

    public static async Task<int> RunAsync(SaleOptions options, CancellationToken cancellationToken)
    {
        var logFolder = Directory.CreateTempSubdirectory("coupon-sale-").FullName;
        try
        {
            await using var servers = await LocalServers.StartAsync(_mySql, cancellationToken);
            Say($"Redis: {servers.Redis.Description}");
            Say($"Kafka: {servers.Kafka.Description}");
            Say($"MySQL: {servers.MySql.Description}");

            await using var service = await Service.StartAsync(servers, options.Instances, logFolder, cancellationToken);
            Say($"Service: {options.Instances} × Coupon.Api, 1 × Coupon.Consumers, ready");
            Say($"Sale: {options.Stock:N0} coupons, {options.Users:N0} users × {options.RequestsPerUser} requests, {options.Clients} at a time");

            var result = await FlashSale.HoldAsync(service, options, cancellationToken);
            Report.Print(result);
            if (options.Stay) await StayAsync(service, cancellationToken);
            return result.IsGood ? Good : Bad;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Say($"Stopped.");
            return Interrupted;
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or IOException or HttpRequestException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{exception.Message}[/]");
            AnsiConsole.MarkupLineInterpolated($"The logs are in {logFolder}.");
            return Bad;
        }
    }

    private static async Task StayAsync(Service service, CancellationToken cancellationToken)
    {
        foreach (var process in service.Instances.Append(service.Consumer)) Say($"{process.Name}: {process.Url}  (log: {process.LogFile})");
        Say($"Redis: {service.Servers.Redis.ConnectionString}");
        Say($"Kafka: {service.Servers.Kafka.ConnectionString}");
        Say($"MySQL: {service.MySql}");
        Say($"Ctrl-C stops everything.");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Say($"Stopping.");
        }
    }

    private static void Say(FormattableString line) => AnsiConsole.MarkupLineInterpolated(line);
}

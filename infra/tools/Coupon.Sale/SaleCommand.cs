using Coupon.Sale.Deployment;
using Coupon.Sale.Load;
using Spectre.Console;

namespace Coupon.Sale;

/// <summary>Runs the sale and prints the report; with <c>--stay</c> everything keeps running.</summary>
internal static class SaleCommand
{
    public static Task<int> RunAsync(SaleOptions options, CancellationToken cancellationToken) =>
        Session.RunAsync(
            options.Instances,
            async service =>
            {
                AnsiConsole.MarkupLineInterpolated(
                    $"Sale: {options.Stock:N0} coupons, {options.Users:N0} users × {options.RequestsPerUser} requests, {options.Clients} at a time"
                );
                var result = await FlashSale.HoldAsync(service, options, cancellationToken);
                Report.Print(result);
                if (options.Stay)
                    await StayAsync(service, cancellationToken);
                return result.IsGood ? Session.Good : Session.Bad;
            },
            cancellationToken
        );

    private static async Task StayAsync(Service service, CancellationToken cancellationToken)
    {
        var addresses = new Grid().AddColumn().AddColumn();
        foreach (var process in service.Instances.Append(service.Consumer))
            addresses.AddRow(process.Name, $"{Text(process.Url)}, for operators {Text(process.OperatorsUrl)}");
        addresses.AddRow("operators' key", ServiceProcess.OperatorKey);
        addresses.AddRow("console", $"{Text(service.Consumer.OperatorsUrl)}/console");
        addresses.AddRow("Redis", service.Servers.Redis.ConnectionString);
        addresses.AddRow("Kafka", service.Servers.Kafka.ConnectionString);
        addresses.AddRow("MySQL", service.MySql);
        addresses.AddRow("logs", service.LogFolder);
        AnsiConsole.Write(addresses);
        AnsiConsole.MarkupLine("Ctrl-C stops everything.");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            AnsiConsole.MarkupLine("Stopping.");
        }
    }

    private static string Text(Uri address) => address.ToString().TrimEnd('/');
}

using Coupon.LocalServers;
using Coupon.Sale.Demo;
using Coupon.Sale.Deployment;
using Coupon.Sale.Load;
using Spectre.Console;

namespace Coupon.Sale;

/// <summary>Runs the sale and prints the report; with <c>--stay</c> everything keeps running, with a page to press at.</summary>
internal static class SaleCommand
{
    // Enough to press for a while, few enough to see the end.
    private const int StockOfDemo = 100;

    public static Task<int> RunAsync(SaleOptions options, CancellationToken cancellationToken)
    {
        // Before the service starts, which has to know the address of the page.
        var port = FreePort.Next();
        return Session.RunAsync(
            options.Instances,
            async service =>
            {
                AnsiConsole.MarkupLineInterpolated(
                    $"Sale: {options.Stock:N0} coupons, {options.Users:N0} users × {options.RequestsPerUser} requests, {options.Clients} at a time"
                );
                var result = await FlashSale.HoldAsync(service, options, cancellationToken);
                Report.Print(result);
                if (options.Stay)
                    await StayAsync(service, port, cancellationToken);
                return result.IsGood ? Session.Good : Session.Bad;
            },
            options.Stay ? LoadSettings.Page(DemoPage.AddressAt(port)) : LoadSettings.None,
            cancellationToken
        );
    }

    private static async Task StayAsync(Service service, int port, CancellationToken cancellationToken)
    {
        var coupon = await service.CreateCouponAsync(StockOfDemo, cancellationToken);
        await using var page = DemoPage.Start(port, service.Instances[0].Url, coupon);
        var addresses = new Grid().AddColumn().AddColumn();
        addresses.AddRow("the button", Text(page.Address));
        addresses.AddRow("the console", $"{Text(service.Consumer.OperatorsUrl)}/console, sign in with {ServiceProcess.OperatorKey}");
        foreach (var process in service.Instances.Append(service.Consumer))
            addresses.AddRow(process.Name, $"{Text(process.Url)}, for operators {Text(process.OperatorsUrl)}");
        addresses.AddRow("operators' key", ServiceProcess.OperatorKey);
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

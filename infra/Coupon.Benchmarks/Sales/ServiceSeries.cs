using Coupon.LocalStack;
using Coupon.Sale.Deployment;

namespace Coupon.Benchmarks.Sales;

/// <summary>Freshly started processes of the service, then one sale after the other: the first is cold, the last warm.</summary>
/// <param name="servers">Redis, Kafka and MySQL, which go on running.</param>
/// <param name="instances">Of the API.</param>
/// <param name="runner">Makes what presses the button of a service; told the processes to watch.</param>
internal sealed class ServiceSeries(LocalServers servers, int instances, Func<Service, IReadOnlyList<(string Name, int Id)>, ISaleRunner> runner)
{
    public async Task<(SaleFigures Cold, SaleFigures Warm)> RunAsync(int sales, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("coupon-benchmarks-").FullName;
        await using var service = await Service.StartAsync(servers, instances, folder, cancellationToken);
        var sale = runner(service, [.. Processes(service)]);
        List<SaleFigures> all = [];
        for (var turn = 1; turn <= sales; turn++)
        {
            all.Add(await sale.RunAsync(cancellationToken));
            await SaleRows.LogAsync($"sale {turn}", all[^1]);
        }

        return (all[0], all[^1]);
    }

    private IEnumerable<(string Name, int Id)> Processes(Service service)
    {
        foreach (var api in service.Instances) yield return (SaleRows.Api, api.ProcessId);
        yield return (SaleRows.Consumer, service.Consumer.ProcessId);
        if (servers.Redis is LocalServer redis) yield return ("Redis", redis.Process.Id);
        if (servers.Kafka is LocalServer kafka) yield return ("Kafka", kafka.Process.Id);
        if (servers.MySql is LocalServer mySql) yield return ("MySQL", mySql.Process.Id);
    }
}

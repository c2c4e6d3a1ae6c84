using Coupon.Benchmarks.Stack;
using Coupon.LocalServers;
using Coupon.Sale.Deployment;

namespace Coupon.Benchmarks.Sales;

/// <summary>Freshly started processes of the service, then one sale after the other: the first is cold, the last warm.</summary>
/// <param name="servers">Redis, Kafka and MySQL, which keep running.</param>
/// <param name="instances">Of the API.</param>
/// <param name="runner">Makes the load for a service and the processes to watch.</param>
internal sealed class ServiceSeries(ServiceServers servers, int instances, Func<Service, IReadOnlyList<(string Name, int Id)>, ISaleRunner> runner)
{
    public async Task<(SaleFigures Cold, SaleFigures Warm)> RunAsync(int sales, CancellationToken cancellationToken)
    {
        using var logs = new ScratchFolder("benchmark-logs");
        await using var service = await Service.StartAsync(servers, instances, logs.Path, LoadSettings.None, cancellationToken);
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
        foreach (var api in service.Instances)
            yield return (SaleRows.Api, api.ProcessId);
        yield return (SaleRows.Consumer, service.Consumer.ProcessId);
        foreach (var (name, server) in Servers(servers))
        {
            if (server is LocalServer local)
                yield return (name, local.Process.Id);
        }
    }

    /// <summary>What the figures of the servers leave out: containers, given servers and the mock cluster are not watched.</summary>
    public static string Note(ServiceServers servers) =>
        Servers(servers).Where(pair => pair.Server is not LocalServer).Select(pair => pair.Name).ToArray() is { Length: > 0 } uncounted
            ? $"CPU s of all servers leaves out {string.Join(", ", uncounted)}: no process of this run that could be watched."
            : "CPU s of all servers is that of the API, the consumer, Redis, Kafka and MySQL.";

    private static (string Name, IRunningServer Server)[] Servers(ServiceServers servers) =>
        [("Redis", servers.Redis), ("Kafka", servers.Kafka), ("MySQL", servers.MySql)];
}

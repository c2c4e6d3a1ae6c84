using System.Runtime.InteropServices;

namespace Coupon.LocalServers;

/// <summary>
/// Servers to develop against: <c>dotnet Coupon.LocalServers.dll start [redis] [kafka] [mysql]</c> (all three if none is named) prints a
/// <c>COUPON_…='address'</c> line for each, in the form that a shell and this library read, and runs them until Ctrl-C or the end of its input.
/// </summary>
internal static class StandaloneServers
{
    /// <summary>The names that may be given.</summary>
    public static readonly IReadOnlyList<string> Known = ["redis", "kafka", "mysql"];

    /// <summary>The first name that is not known; null: all are.</summary>
    public static string? FirstUnknown(IEnumerable<string> names) => names.FirstOrDefault(name => !Known.Contains(name));

    public static async Task<int> RunAsync(IReadOnlyList<string> names)
    {
        List<IRunningServer> servers = [];
        using var interrupted = new CancellationTokenSource();
        // From before the first one is started: a container that is half started would stay.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            foreach (var name in names.Count == 0 ? Known : names)
            {
                var server = await StartAsync(name, interrupted.Token);
                servers.Add(server);
                Console.WriteLine($"COUPON_{name.ToUpperInvariant()}='{server.ConnectionString}'");
                await Console.Error.WriteLineAsync($"{name}: {server.Description}");
            }

            await Task.WhenAny(Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, interrupted.Token), Task.Run(Console.In.ReadToEnd));
            return 0;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            interrupted.Cancel();
        }
    }

    private static async Task<IRunningServer> StartAsync(string name, CancellationToken cancellationToken) =>
        name switch
        {
            "redis" => await ServiceServers.StartRedisAsync(cancellationToken),
            "kafka" => await ServiceServers.StartKafkaAsync(cancellationToken),
            "mysql" => await ServiceServers.StartMySqlAsync(cancellationToken: cancellationToken),
            _ => throw new ArgumentException($"'{name}' is none of redis, kafka, mysql."),
        };
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Coupon.Hosting.Stopping;

/// <summary>
/// Runs a program until it is asked to stop, and ends it within a bound whatever its servers do. The host's own stop gives all services one deadline,
/// in turn: one that waits for a frozen server leaves nothing to those after it, and one that throws ends the process with SIGABRT. Here each part
/// has a share of the bound, so that what must come last, handing back what is held, is always tried.
/// </summary>
public static class OrderlyStop
{
    // The end of each part, as a share of the bound: the running requests, the services of the requests, the bus with its flush, the services that
    // hold unconfirmed issuances, and the container. A part leaves its unused time to the next ones.
    private const double Requests = 0.25;
    private const double Workers = 0.4;
    private const double Bus = 0.7;
    private const double Rest = 0.9;
    private const double Container = 1;

    /// <summary>Starts the program, waits until it is asked to stop, and stops it, after <see cref="StopOptions.Drain"/>.</summary>
    /// <param name="app">The program. This disposes of it.</param>
    /// <param name="bound">How long the stop may take once its ports may close.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WebApplication app, TimeSpan bound)
    {
        ArgumentNullException.ThrowIfNull(app);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = app.Lifetime.ApplicationStopping.Register(() => asked.TrySetResult());
        var exit = app.Services.GetRequiredService<ServiceExit>();
        var time = app.Services.GetRequiredService<TimeProvider>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OrderlyStop).FullName!);
        var isStarted = false;
        try
        {
            await app.StartAsync();
            isStarted = true;
        }
        catch (Exception) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Asked to stop while it started, by a signal or by a part of itself, which has said why.
        }

        await asked.Task;

        // A program that gives up by itself has nothing to offer to those that it would go on answering.
        if (exit.Code == 0 && isStarted)
            await app.Services.GetRequiredService<Drain>().RunAsync();
        var began = time.GetTimestamp();
        TimeSpan Until(double share) => (bound * share) - time.GetElapsedTime(began);

        foreach (var (services, share) in Parts([.. app.Services.GetServices<IHostedService>()]))
        {
            var stops = services.Select(service => StopAsync(service.GetType().Name, service.StopAsync, Until(share), time, logger));
            await Task.WhenAll(stops);
        }

        await StopAsync(
            "the container",
            async token =>
            {
                // Everything has been stopped; this completes the waits for the end of the host.
                await app.StopAsync(token);
                await app.DisposeAsync();
            },
            Until(Container),
            time,
            logger
        );

        // What still waits for a server does so in the background and ends with the process.
        return exit.Code;
    }

    // As the host would stop them, in the reverse order of their registration: the web server, which is registered last; what was registered after
    // the bus; the bus; what was registered before it. Of one part, all at once.
    private static IEnumerable<(IHostedService[] Services, double Share)> Parts(IHostedService[] services)
    {
        var bus = Array.FindIndex(services, service => service.GetType().Namespace?.StartsWith("MassTransit", StringComparison.Ordinal) == true);
        var web = services.Length - 1;
        yield return (services[web..], Requests);
        yield return (services[(bus + 1)..web], Workers);
        if (bus < 0)
            yield break;
        yield return ([services[bus]], Bus);
        yield return (services[..bus], Rest);
    }

    private static async Task StopAsync(string name, Func<CancellationToken, Task> stop, TimeSpan patience, TimeProvider time, ILogger logger)
    {
        using var bounded = new CancellationTokenSource(patience * 0.9, time);
        try
        {
            // Apart, because some of it waits in the calling thread.
            await Task.Run(() => stop(bounded.Token), CancellationToken.None).WaitAsync(patience, time);
        }
#pragma warning disable CA1031 // Whatever it was: the others have something to bring to its end too.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.StopGoesOn(logger, name, exception.GetBaseException().Message);
        }
    }
}

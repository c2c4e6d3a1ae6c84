using Microsoft.Extensions.Hosting;

namespace Coupon.Hosting.Outages;

/// <summary>Has the lines of outages written that are due.</summary>
internal sealed class OutageTicks(ServerOutages outages, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                outages.Tick();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}

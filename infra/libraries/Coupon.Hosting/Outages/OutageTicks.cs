using Coupon.Hosting.Background;
using Microsoft.Extensions.Logging;

namespace Coupon.Hosting.Outages;

/// <summary>Writes the lines of outages that are due.</summary>
internal sealed class OutageTicks(ServerOutages outages, TimeProvider time, ILogger<OutageTicks> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), time, logger)
{
    protected override Task RunAsync(CancellationToken stoppingToken)
    {
        outages.Tick();
        return Task.CompletedTask;
    }
}

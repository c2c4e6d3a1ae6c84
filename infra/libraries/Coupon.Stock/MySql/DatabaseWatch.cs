using Coupon.Hosting.Background;
using Microsoft.Extensions.Logging;

namespace Coupon.Stock.MySql;

/// <summary>Looks once a second whether MySQL is still the one that it was.</summary>
internal sealed class DatabaseWatch(DatabaseFence fence, TimeProvider time, ILogger<DatabaseWatch> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), time, logger, startsAtOnce: true)
{
    /// <inheritdoc />
    protected override async Task RunAsync(CancellationToken stoppingToken) => await fence.CheckAsync(stoppingToken);

    /// <inheritdoc />
    protected override void Failed(Exception exception)
    {
        // MySQL is away, which others log, or whatever it is: the next look tries again.
    }
}

using Microsoft.Extensions.Hosting;

namespace Coupon.Stock.MySql;

/// <summary>Looks once a second whether MySQL is still the one that it was.</summary>
internal sealed class DatabaseWatch(DatabaseFence fence, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        do
        {
            try
            {
                await fence.CheckAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // MySQL is away, which others say; or whatever it is: the next look tries again.
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

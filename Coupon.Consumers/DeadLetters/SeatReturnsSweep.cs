namespace Coupon.Consumers.DeadLetters;

/// <summary>Finishes returns of seats that were interrupted, because Redis was away or a process died between MySQL and Redis.</summary>
internal sealed class SeatReturnsSweep(SeatReturns returns, TimeProvider time, ILogger<SeatReturnsSweep> log) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await returns.FinishAsync(stoppingToken) is > 0 and var count)
                    log.SeatReturnsFinished(count);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.SeatReturnsFail(exception);
            }
        }
    }
}

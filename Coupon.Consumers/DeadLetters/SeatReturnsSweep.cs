using Coupon.Consumers.Telemetry;
using Coupon.Hosting.Background;

namespace Coupon.Consumers.DeadLetters;

/// <summary>Finishes returns of seats that were interrupted because Redis was away or a process died between MySQL and Redis.</summary>
internal sealed class SeatReturnsSweep(SeatReturns returns, TimeProvider time, ILogger<SeatReturnsSweep> logger)
    : PeriodicService(TimeSpan.FromSeconds(30), time, logger)
{
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (await returns.FinishAsync(stoppingToken) is > 0 and var count)
            Log.SeatReturnsFinished(Logger, count);
    }

    protected override void Failed(Exception exception) => Log.SeatReturnsFail(Logger, exception);
}

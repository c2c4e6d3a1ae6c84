using Coupon.Consumers.Telemetry;
using Coupon.Hosting.Background;

namespace Coupon.Consumers.DeadLetters;

/// <summary>
/// While this instance works on an operation: records once a second how far it has come, keeps its lease, and stops it where an operator asked any
/// instance for that.
/// </summary>
internal sealed class DeadLetterOperationPulse(
    DeadLetterOperations operations,
    DeadLetterOperationRunner runner,
    TimeProvider time,
    ILogger<DeadLetterOperationPulse> logger
) : PeriodicService(TimeSpan.FromSeconds(1), time, logger)
{
    /// <summary>An operator asked for a stop: it need not wait for the next look.</summary>
    public void Ask() => WakeUp();

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (runner.Current is { } run && !await operations.GoOnAsync(run.Row.Operation, runner.Runner, run.Handled, stoppingToken))
            await run.StopAsync();
    }

    protected override void Failed(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Log.OperationsUnreadable(Logger, exception.GetBaseException().Message);
    }
}

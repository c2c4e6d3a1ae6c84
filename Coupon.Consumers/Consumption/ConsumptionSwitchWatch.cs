using Coupon.Consumers.Telemetry;
using Coupon.Database;
using Coupon.Hosting.Background;

namespace Coupon.Consumers.Consumption;

/// <summary>
/// Makes this instance obey the switch; before the switch has been read, nothing is consumed. A resume also releases a shut valve. A valve that is
/// not shut is left alone: the operator has not seen what it may catch next.
/// </summary>
internal sealed class ConsumptionSwitchWatch(
    ConsumptionSwitch consumption,
    ConsumptionGate gate,
    ConsumptionState state,
    DeadLetterValve valve,
    TimeProvider time,
    ILogger<ConsumptionSwitchWatch> logger
) : PeriodicService(TimeSpan.FromSeconds(1), time, logger, startsAtOnce: true)
{
    private DateTime? _seen;

    protected override async Task RunAsync(CancellationToken stoppingToken) => Obey(await consumption.ReadAsync(stoppingToken));

    protected override void Failed(Exception exception)
    {
        gate.SwitchUnreadable(exception.GetBaseException().Message);
        Log.SwitchUnreadable(Logger, exception);
    }

    private void Obey(ConsumptionSwitchRow? row)
    {
        var changedAt = row?.ChangedAt ?? DateTime.MinValue;
        var isFirst = _seen is null;
        var isNews = !isFirst && _seen != changedAt;
        _seen = changedAt;
        if (row is { Paused: true })
            gate.Pause($"by {row.ChangedBy}: {row.Reason}");
        else if (row is not null || isFirst)
            gate.Resume();
        if (isNews && row is { Paused: false } && state.Obstacles.Any(obstacle => obstacle.Kind == ObstacleKind.ValveShut))
            valve.Release();
    }
}

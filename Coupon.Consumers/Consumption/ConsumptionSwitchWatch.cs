using Coupon.Database;

namespace Coupon.Consumers.Consumption;

/// <summary>
/// Makes this instance do what the switch says, and nothing before the switch has been read. A resume also releases a valve that is shut; one that is
/// open
/// goes on judging, since nobody has looked at what it will see.
/// </summary>
internal sealed class ConsumptionSwitchWatch(
    ConsumptionSwitch consumption,
    ConsumptionGate gate,
    ConsumptionState state,
    DeadLetterValve valve,
    TimeProvider time,
    ILogger<ConsumptionSwitchWatch> log
) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private DateTime? _seen;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        do
        {
            try
            {
                Obey(await consumption.ReadAsync(stoppingToken));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                gate.Unread(exception.GetBaseException().Message);
                log.SwitchUnreadable(exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
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
        if (isNews && row is { Paused: false } && state.Obstacles.Any(obstacle => obstacle.Trouble == Trouble.ValveShut))
            valve.Release();
    }
}

using Coupon.Database;

namespace Coupon.Consumers.Consumption;

/// <summary>Makes this instance do what the switch says. A resume also releases a valve that had shut before it.</summary>
internal sealed class ConsumptionSwitchWatch(
    ConsumptionSwitch consumption, ConsumptionGate gate, DeadLetterValve valve, TimeProvider time, ILogger<ConsumptionSwitchWatch> log) : BackgroundService
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
            catch (Exception exception) when (exception is not OperationCanceledException && DatabaseFailure.KindOf(exception) == DatabaseFailureKind.Transient)
            {
                // The switch stays as it was last seen; that the database is away is said elsewhere.
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.SwitchUnreadable(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Obey(ConsumptionSwitchRow? row)
    {
        var changedAt = row?.ChangedAt ?? DateTime.MinValue;
        var isNews = _seen is not null && _seen != changedAt;
        _seen = changedAt;
        if (row is null)
            return;
        if (row.Paused)
            gate.Pause($"by {row.ChangedBy}: {row.Reason}");
        else
            gate.Resume();
        if (isNews && !row.Paused)
            valve.Release();
    }
}

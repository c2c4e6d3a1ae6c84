using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Coupon.Sale.Deployment;

namespace Coupon.Faults.Acting;

/// <summary>Processes that are killed, frozen, or asked to stop and started again, that come and go, or whose clock is wrong.</summary>
internal sealed class ProcessFaults(FaultyService service, HttpClient http, History history) : IFaultMaker
{
    // A clock that is wrong is fast or slow by up to a day.
    private static readonly TimeSpan _mostWrong = TimeSpan.FromDays(1);

    // More than any stop may take.
    private static readonly TimeSpan _stopPatience = TimeSpan.FromSeconds(30);

    public bool Makes(FaultKind kind) =>
        kind
            is FaultKind.KillProcess
                or FaultKind.FreezeProcess
                or FaultKind.RestartProcess
                or FaultKind.RollingRestart
                or FaultKind.ScaleUp
                or FaultKind.ScaleDown
                or FaultKind.WrongClock;

    public async Task BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.KillProcess:
                service.Ends.Expect(fault.Target.Process!);
                await Of(fault).KillAsync();
                break;
            case FaultKind.FreezeProcess:
                Of(fault).Freeze();
                break;
            case FaultKind.RestartProcess:
                await RestartAsync(fault.Target.Process!);
                break;
            case FaultKind.ScaleUp:
                await ComeAsync(fault.Target.Process!, cancellationToken);
                break;
            case FaultKind.ScaleDown:
                await StopAsync(fault.Target.Process!);
                break;
            case FaultKind.WrongClock:
                service.Clocks.Shift(fault.Target.Process!, (2 * fault.Strength - 1) * _mostWrong);
                break;
            default:
                foreach (var process in Names.Processes)
                {
                    await RestartAsync(process);
                    await ReadyOrGivenUpAsync(process, cancellationToken);
                }

                break;
        }
    }

    public async Task EndAsync(Fault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case FaultKind.FreezeProcess:
                Of(fault).Thaw();
                break;
            case FaultKind.KillProcess or FaultKind.ScaleDown:
                await Of(fault).StartAgainAsync();
                service.Ends.ExpectNoMore(fault.Target.Process!);
                break;
            case FaultKind.ScaleUp:
                service.CloseDoor(fault.Target.Process!);
                await StopAsync(fault.Target.Process!);
                break;
            case FaultKind.WrongClock:
                service.Clocks.Shift(fault.Target.Process!, TimeSpan.Zero);
                break;
        }
    }

    /// <summary>SIGTERM, and how the process ended.</summary>
    public async Task StopAsync(string process)
    {
        service.Ends.Expect(process);
        var asked = history.Now;
        var stopped = await service.Processes[process].StopAsync(_stopPatience);
        var reading = new StopReading(asked, process, history.Now - asked, stopped ? service.Processes[process].ExitCode : null);
        history.Stops.Enqueue(reading);
        history.Say($"{process} has stopped after {reading.Took.TotalSeconds:F1} s with code {reading.ExitCode}");
    }

    private ServiceProcess Of(Fault fault) => service.Processes[fault.Target.Process!];

    private async Task ComeAsync(string process, CancellationToken cancellationToken)
    {
        await service.StartProcessAsync(process);
        await ReadyOrGivenUpAsync(process, cancellationToken);
        if (Names.IsApi(process))
            service.OpenDoor(process);
    }

    private async Task RestartAsync(string process)
    {
        await StopAsync(process);
        await service.Processes[process].StartAgainAsync();
        service.Ends.ExpectNoMore(process);
    }

    // A rollout waits for its process, but the next fault may keep that from being ready.
    private async Task ReadyOrGivenUpAsync(string process, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            await service.Processes[process].WaitUntilReadyAsync(http, enough.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            history.Say($"{process} is not ready yet, and is waited for no longer");
        }
    }
}

using Coupon.Faults.Histories;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Coupon.Sale.Deployment;

namespace Coupon.Faults.Acting;

/// <summary>Processes that are killed, frozen, or asked to stop and started again.</summary>
internal sealed class ProcessFaults(FaultyService service, HttpClient http, History history) : IFaultMaker
{
    // More than any stop may take.
    private static readonly TimeSpan _stopPatience = TimeSpan.FromSeconds(30);

    public bool Makes(FaultKind kind) =>
        kind is FaultKind.KillProcess or FaultKind.FreezeProcess or FaultKind.RestartProcess or FaultKind.RollingRestart;

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
        if (fault.Kind == FaultKind.FreezeProcess)
            Of(fault).Thaw();
        if (fault.Kind != FaultKind.KillProcess)
            return;
        await Of(fault).StartAgainAsync();
        service.Ends.ExpectNoMore(fault.Target.Process!);
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
            history.Say($"{process} is not ready yet, and the rollout goes on");
        }
    }
}

using Coupon.Faults.Protections;
using Coupon.Faults.Schedules;
using Coupon.Faults.Stack;
using Coupon.LocalServers;

namespace Coupon.Faults.Runs;

/// <summary>Holds one run after the other, on servers that it keeps from one to the next.</summary>
internal sealed class RunLane(Protection? without) : IAsyncDisposable
{
    private FaultServers? _servers;

    /// <summary>The servers in words; empty before the first run.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Holds a run. What the servers cannot have is left out of it.</summary>
    public async Task<RunResult> HoldAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        // After a run that failed, its servers are gone.
        if (_servers is not null && !_servers.Serve(schedule.Stack))
            await StopServersAsync();
        _servers ??= await FaultServers.StartAsync(schedule.Stack, cancellationToken);
        Description = _servers.Description;
        var possible = schedule.Without(fault => _servers.IsImpossible(schedule.Stack, fault));
        var logs = TemporaryFolder.Create("fault-logs");
        try
        {
            var result = await FaultRun.HoldAsync(_servers, possible, without, logs, cancellationToken);
            if (!result.IsGood)
                await StopServersAsync();
            return result with { LeftOut = [.. schedule.Faults.Except(possible.Faults)] };
        }
        catch
        {
            // The next run must not find what this one has left.
            await StopServersAsync();
            throw;
        }
        finally
        {
            TemporaryFolder.Delete(logs);
        }
    }

    public async ValueTask DisposeAsync() => await StopServersAsync();

    private async Task StopServersAsync()
    {
        if (_servers is not null)
            await _servers.DisposeAsync();
        _servers = null;
    }
}
